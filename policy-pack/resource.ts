import { asText, at, type Tree } from "../model/tree.ts";
import { UNKNOWN, type Maybe } from "../model/verdict.ts";
import { readTree } from "./reader.ts";

/** What Pulumi hands to a policy of a resource; a part of the SDK's types, so that tests can write it. */
export interface RawResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: Record<string, unknown>;
  readonly provider?: { readonly urn: string; readonly props: Record<string, unknown> } | undefined;
  readonly parent?: { readonly urn: string } | undefined;
  readonly propertyDependencies?: Readonly<Record<string, readonly { readonly urn: string }[]>>;
}

/** The Kubernetes kind that a type token names: `kubernetes:apps/v1:Deployment`. */
export interface Kind {
  /** The API group without its version; empty for core, whose tokens say `core/v1` or `v1`. */
  readonly group: string;
  readonly version: string;
  /** Without the suffix `Patch`. */
  readonly kind: string;
  /** A patch holds a fragment of an object that stands in the cluster. */
  readonly patch: boolean;
}

const kinds = new Map<string, Kind | undefined>();

/** Reads a type token; undefined for anything but an object of Kubernetes. */
export function parseKind(type: string): Kind | undefined {
  // A stack has thousands of resources, but few types.
  if (!kinds.has(type)) kinds.set(type, readKind(type));
  return kinds.get(type);
}

function readKind(type: string): Kind | undefined {
  const match = /^kubernetes:(?:([^:/]+)\/)?([^:/]+):([^:]+)$/.exec(type);
  if (!match) return undefined;
  const [, group = "", version = "", token = ""] = match;
  const patch = token.endsWith("Patch") && token !== "Patch";
  return {
    group: group === "core" ? "" : group,
    version,
    kind: patch ? token.slice(0, -"Patch".length) : token,
    patch,
  };
}

/** A resource, read on demand: most rules look at a few types only. */
export class Resource {
  readonly urn: string;
  readonly type: string;
  readonly kind: Kind | undefined;
  private readonly raw: RawResource;
  private copy: { readonly tree: Tree } | undefined;

  constructor(raw: RawResource) {
    this.raw = raw;
    this.urn = raw.urn;
    this.type = raw.type;
    this.kind = parseKind(raw.type);
  }

  /** Whether it is an object, or a patch of one, of a group and one of its kinds. */
  is(group: string, ...kinds: readonly string[]): boolean {
    return this.kind?.group === group && kinds.includes(this.kind.kind);
  }

  /** Its properties; fields that are not known yet are UNKNOWN. */
  get tree(): Tree {
    this.copy ??= { tree: readTree(this.raw.props) };
    return this.copy.tree;
  }

  /** `metadata.name`, or the `name` of a Helm release. */
  get objectName(): Maybe<string | undefined> {
    return asText(this.isRelease ? at(this.tree, "name") : at(this.tree, "metadata", "name"));
  }

  /** `metadata.namespace` as the provider filled it in, or a Helm release's `namespace`. */
  get namespace(): Maybe<string | undefined> {
    return asText(this.isRelease ? at(this.tree, "namespace") : at(this.tree, "metadata", "namespace"));
  }

  /** For messages: `Service shop/web`; by its name in the program when the object's is not known. */
  get label(): string {
    const kind = this.kind ? this.kind.kind + (this.kind.patch ? "Patch" : "") : this.type;
    const name = this.objectName;
    if (name === UNKNOWN || name === undefined) return `${kind} "${this.raw.name}"`;
    const namespace = this.namespace;
    return typeof namespace === "string" ? `${kind} ${namespace}/${name}` : `${kind} ${name}`;
  }

  get isRelease(): boolean {
    return this.is("helm.sh", "Release") && this.kind?.version === "v3";
  }

  get parentUrn(): string | undefined {
    return this.raw.parent?.urn;
  }

  get provider(): RawResource["provider"] {
    return this.raw.provider;
  }

  /** The resources whose outputs went into one of its properties. */
  dependencies(property: string): readonly string[] {
    return (this.raw.propertyDependencies?.[property] ?? []).map(({ urn }) => urn);
  }
}
