import { createHash } from "node:crypto";
import { fromLine, type Line, toLines } from "./bundle-lines.ts";
import type { Labels } from "./flow.ts";
import { type Manifest, policyManifest } from "./manifest.ts";
import type { Policy } from "./policies.ts";

/**
 * Policies of many namespaces in one resource of the stack. Engines rewrite their state at each step, so a
 * resource for each policy takes a time that grows with the square of their number.
 */
export interface PolicyBundle {
  /** Which of all bundles it is, such as 3-of-8; the value of {@link bundleLabel}. */
  readonly name: string;
  /** Labels of every object that the stack creates. */
  readonly labels: Labels;
  /** Namespaces to create; they stay when the bundle goes. */
  readonly createNamespaces: readonly string[];
  /** All of them with a namespace. */
  readonly policies: readonly Policy[];
}

/** Label that says which bundle an object belongs to. What carries it and is in no bundle any more is deleted. */
export const bundleLabel = "cluster-network/bundle";
/** Label that says when an object comes and goes, see {@link Policy.stage}. */
export const stageLabel = "cluster-network/policy-stage";
/** Annotation with the revision of the bundle that wrote the object, see `bundle-plan.ts`. */
export const revisionAnnotation = "cluster-network/revision";

/**
 * How many bundles there are, however many namespaces: a number that follows from theirs would move them
 * all about when it changes. Each takes the start of a Node process at a deployment that changes it.
 */
const bundles = 8;

/** Ends the names of policies in bundles: those of the other delivery stand beside them while one takes over. */
export const bundledSuffix = ".bundled";

/** The bundle of a namespace: the same one for ever, whatever other namespaces there are. */
export const bundleOf = (namespace: string): string => bundleAmong(bundles, namespace);

/** The same among so many bundles. */
export function bundleAmong(count: number, namespace: string): string {
  const [first = 0] = createHash("sha256").update(namespace).digest();
  return `${(first % count) + 1}-of-${count}`;
}

/** A policy of a bundle as the API takes it. */
export function bundledManifest(
  { name, labels }: Pick<PolicyBundle, "name" | "labels">,
  policy: Policy,
): Manifest {
  return policyManifest(policy, { ...labels, [bundleLabel]: name, [stageLabel]: policy.stage });
}

/** First line of a bundle as text. */
interface Header extends Pick<PolicyBundle, "name" | "labels"> {
  readonly format: typeof format;
}
const format = "cluster-network/policies.1";
const beginning = `{"format":${JSON.stringify(format)},`;

interface NamespaceLine {
  readonly kind: "Namespace";
  readonly name: string;
}

/** The bundle as lines of JSON, in an order of its own: the same bundle is the same text. */
export function encodeBundle({ name, labels, createNamespaces, policies }: PolicyBundle): string {
  const header: Header = { format, name, labels };
  return [
    JSON.stringify(header),
    ...[...createNamespaces]
      .sort()
      .map((one) => JSON.stringify({ kind: "Namespace", name: one } satisfies NamespaceLine)),
    ...toLines(policies),
  ].join("\n");
}

/** Reads what {@link encodeBundle} wrote; undefined for any other text. */
export function decodeBundle(text: string): PolicyBundle | undefined {
  if (!text.startsWith(beginning)) return undefined;
  const [first, ...rest] = text
    .split("\n")
    .map((line) => JSON.parse(line) as Header | Line<Policy> | NamespaceLine);
  const { name, labels } = first as Header;
  const createNamespaces: string[] = [];
  const policies: Policy[] = [];
  for (const line of rest as (Line<Policy> | NamespaceLine)[]) {
    if (line.kind === "Namespace") createNamespaces.push(line.name);
    else policies.push(...fromLine(line));
  }
  return { name, labels, createNamespaces, policies };
}
