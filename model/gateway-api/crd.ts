import { asList, asText, at } from "../tree.ts";
import { stackLabel } from "../live.ts";
import { compareVersions, versionOf } from "../version.ts";
import { gatewayGroup } from "./pairing.ts";

/** Annotation on CRDs of ours that says which deployment applied them last. */
export const appliedAnnotation = "cluster-network/applied";

/** A CRD of the Gateway API, as the cluster or a file has it. */
export interface GatewayCrd {
  /** Name without the group, such as `tlsroutes`. */
  readonly plural: string;
  /** Version of the Gateway API that it is of, such as 1.6.1; undefined where it does not say. */
  readonly bundle?: string | undefined;
  /** `standard` or `experimental`; undefined where it does not say. */
  readonly channel?: string | undefined;
  /** API versions, and whether they are served. */
  readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  /** API versions in which objects are, or were, stored. */
  readonly stored: readonly string[];
  /** The stack whose label it carries. */
  readonly stack?: string | undefined;
  /** What {@link appliedAnnotation} says. */
  readonly applied?: string | undefined;
  readonly deleting: boolean;
}

/** Reads a CRD; undefined for anything else, and for CRDs of other groups. */
export function readCrd(object: unknown): GatewayCrd | undefined {
  const [plural, ...group] = text(object, "metadata", "name")?.split(".") ?? [];
  if (at(object, "kind") !== "CustomResourceDefinition" || group.join(".") !== gatewayGroup) return undefined;
  const annotation = (name: string) => text(object, "metadata", "annotations", name);
  return {
    plural: plural ?? "",
    bundle: /^v?(\d+\.\d+\.\d+)/.exec(annotation(`${gatewayGroup}/bundle-version`) ?? "")?.[1],
    channel: annotation(`${gatewayGroup}/channel`),
    versions: list(object, "spec", "versions").map((version) => ({
      name: text(version, "name") ?? "",
      served: at(version, "served") === true,
    })),
    stored: list(object, "status", "storedVersions").filter((name) => typeof name === "string"),
    stack: text(object, "metadata", "labels", stackLabel),
    applied: annotation(appliedAnnotation),
    deleting: at(object, "metadata", "deletionTimestamp") !== undefined,
  };
}

/** Name of the CRD's object. */
export const crdName = (plural: string): string => `${plural}.${gatewayGroup}`;

/** Whether an API version of it answers. */
export const serves = ({ versions }: GatewayCrd, version: string): boolean =>
  versions.some(({ name, served }) => name === version && served);

/** Negative where a bundle is older than another one. */
export const compareBundles = (one: string, other: string): number =>
  compareVersions(versionOf(one), versionOf(other));

/** Whether a bundle is of an older minor than another one; patch releases change no API. */
export const isOlderMinor = (bundle: string, than: string): boolean =>
  compareBundles(minorOf(bundle), minorOf(than)) < 0;

export const minorOf = (bundle: string): string => bundle.split(".").slice(0, 2).join(".");

function text(object: unknown, ...path: readonly string[]): string | undefined {
  const value = asText(at(object, ...path));
  return typeof value === "string" ? value : undefined;
}

function list(object: unknown, ...path: readonly string[]): readonly unknown[] {
  const value = asList(at(object, ...path));
  return typeof value === "symbol" ? [] : value;
}
