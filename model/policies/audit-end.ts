import { audits, isAudited } from "../cilium/audit.ts";
import { firstFew } from "../live-nodes.ts";
import { type LiveCluster, type ReleaseContent, stackLabel } from "../live.ts";
import type { Problem } from "../problem.ts";
import { at } from "../tree.ts";
import { type Manifest, policyManifest } from "./manifest.ts";
import type { Policy } from "./policies.ts";
import { isSameSpec } from "./same-spec.ts";

/**
 * The release comes before the policies, so an audit ends before they change. It may only where nothing of
 * them does: until they came, what they are to allow would be denied, and what they no longer deny, too.
 * @param wanted - the release to make; undefined when Cilium is turned off
 * @param stack - `<project>.<stack>`, the value of the stack label
 */
export function auditEndProblems(
  live: LiveCluster,
  wanted: ReleaseContent | undefined,
  policies: readonly Policy[],
  stack: string,
): Problem[] {
  if (!wanted || audits(wanted) || !isAudited(live)) return [];
  const own = new Map(
    (live.policyObjects ?? []).flatMap((object) =>
      at(object, "metadata", "labels", stackLabel) === stack ? [[nameOf(object), object] as const] : [],
    ),
  );
  const planned = new Map(
    policies.map((policy) => {
      const manifest = policyManifest(policy, {});
      return [nameOf(manifest), manifest] as const;
    }),
  );
  // Nothing runs under policies yet where there are none.
  const begun = new Set([...own.values()].map((object) => at(object, "metadata", "namespace")));
  const differing = [
    ...[...planned].flatMap(([name, manifest]) => {
      const there = own.get(name);
      if (there !== undefined)
        return isSameSpec(at(there, "spec"), manifest.spec) ? [] : [`${name} (changes)`];
      return begun.has(manifest.metadata.namespace) ? [`${name} (comes)`] : [];
    }),
    ...[...own.keys()].flatMap((name) => (planned.has(name) ? [] : [`${name} (goes)`])),
  ];
  return differing.length === 0 ? [] : [notYet(differing)];
}

const nameOf = (object: unknown): string => {
  const { kind, metadata } = object as Pick<Manifest, "kind" | "metadata">;
  return `${kind} ${metadata.namespace === undefined ? "" : `${metadata.namespace}/`}${metadata.name}`;
};

const notYet = (differing: readonly string[]): Problem => ({
  path: "namespaces",
  message: `The audit would end before these policies are as the settings have them, and until they are traffic that flows would be denied: ${firstFew(differing, 10)}`,
  remedy:
    "deploy them while the audit is on (stage: audit; cilium.policyAuditMode: true where no namespace is audited any more), look at what it logs, then end it by a deployment that changes nothing else of them",
});
