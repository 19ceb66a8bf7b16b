import { describeGroup, type LivePod, podGroups } from "../live-pods.ts";
import { firstFew } from "../live-nodes.ts";
import type { Problem } from "../problem.ts";
import type { NamespaceSettings } from "../settings.ts";
import { accountLabel } from "./cilium.ts";
import type { Policy } from "./policies.ts";
import { workloadsOf } from "./workloads.ts";

/**
 * Workloads whose pods run under another account than declared: policies of Cilium's dialect select by it, too,
 * so theirs would select nobody, and what they allow would be denied.
 */
export function accountProblems(
  namespaces: readonly NamespaceSettings[],
  pods: readonly LivePod[],
  policies: readonly Policy[],
): Problem[] {
  const selecting = accountsIn(policies);
  if (selecting.size === 0) return [];
  const workloads = workloadsOf(namespaces);
  return namespaces.flatMap(({ name: namespace, workloads: declared, stage }, i) => {
    const there = stage === "observe" ? [] : pods.filter((pod) => pod.namespace === namespace);
    return declared.flatMap(({ name, serviceAccount }, j): Problem[] => {
      const labels = Object.entries(workloads.get(`${namespace}/${name}`)?.endpoint.labels ?? {});
      if (serviceAccount === undefined || !selecting.has(serviceAccount)) return [];
      const others = there.filter(
        (pod) =>
          !pod.hostNetwork &&
          pod.serviceAccount !== undefined &&
          pod.serviceAccount !== serviceAccount &&
          labels.every(([key, value]) => pod.labels[key] === value),
      );
      if (others.length === 0) return [];
      const accounts = [...new Set(others.map((pod) => pod.serviceAccount ?? ""))].sort();
      return [
        {
          path: `namespaces[${i}].workloads[${j}].serviceAccount`,
          message: `Pods of ${name} run under ${firstFew(accounts)}, not under ${serviceAccount}, so policies of Cilium's dialect would not select them: ${firstFew(podGroups(others).map(describeGroup))}`,
          remedy: "write the account that they run under, or leave it out",
        },
      ];
    });
  });
}

/** Accounts by which Cilium's policies select, among the planned ones. */
function accountsIn(policies: readonly Policy[]): ReadonlySet<string> {
  const written = new RegExp(`"${accountLabel}":"([^"]+)"`, "g");
  return new Set(
    policies
      .filter(({ kind }) => kind.startsWith("Cilium"))
      .flatMap(({ spec }) => [...JSON.stringify(spec).matchAll(written)].map(([, account]) => account ?? "")),
  );
}
