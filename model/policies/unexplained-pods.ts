import { isAudited } from "../cilium/audit.ts";
import { describeGroup, type LivePod, type LivePodGroup, podGroups } from "../live-pods.ts";
import { firstFew } from "../live-nodes.ts";
import { type LiveCluster, stackLabel } from "../live.ts";
import type { Problem } from "../problem.ts";
import type { NamespaceSettings, Settings } from "../settings.ts";
import { at } from "../tree.ts";
import { bundledSuffix } from "./bundle.ts";
import { accountLabel } from "./cilium.ts";
import { namespacesUnder } from "./cluster-reach.ts";
import type { Flow, Labels } from "./flow.ts";
import { workloadLabel } from "./manifest.ts";
import { denyPolicyName } from "./policies.ts";
import { workloadsOf } from "./workloads.ts";

/** Who of a namespace a flow is about. */
export interface NamedPods {
  readonly namespace: string;
  /** Empty: every pod of the namespace. */
  readonly labels: Labels;
}

/**
 * The pods that flows name. A flow of every pod of the *cluster* names none: nobody has looked at a pod for
 * it, and it would explain all of them.
 */
export const namedPods = (flows: readonly Flow[]): NamedPods[] =>
  flows
    .flatMap(({ from, to }) => [from, to])
    .flatMap((peer) =>
      peer.kind === "pods" && peer.namespace !== undefined
        ? [{ namespace: peer.namespace, labels: peer.labels }]
        : [],
    );

/** Pods that nobody has named, by owner. Those on the host's network are under no policy. */
export function unexplainedPods(pods: readonly LivePod[], named: readonly NamedPods[]): LivePodGroup[] {
  const byNamespace = inNamespaces(named);
  return podGroups(
    pods.filter(
      (pod) =>
        !pod.hostNetwork &&
        !(byNamespace.get(pod.namespace) ?? []).some(({ labels }) => selects(labels, pod.labels)),
    ),
  );
}

function inNamespaces<T extends { readonly namespace: string }>(items: readonly T[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const others = found.get(item.namespace);
    if (others) others.push(item);
    else found.set(item.namespace, [item]);
  }
  return found;
}

const selects = (selector: Labels, labels: Labels): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

/** Names that a namespace's default-deny has, by either way of delivery. */
const denyNames: ReadonlySet<string> = new Set([denyPolicyName, denyPolicyName + bundledSuffix]);

/**
 * Namespaces of which default-deny is in force already: their pods have lost what they had to lose. It counts
 * in whatever form it stands there: another dialect, baseline or delivery takes over without a gap.
 * @param stack - `<project>.<stack>`; another one's policies do not count
 */
export function enforcedNamespaces(live: LiveCluster, stack: string): ReadonlySet<string> {
  if (isAudited(live)) return new Set();
  const denied = [...live.networkPolicies, ...(live.ciliumPolicies ?? [])].filter(
    ({ name, labels }) => denyNames.has(name) && labels[stackLabel] === stack,
  );
  return new Set([
    ...denied.flatMap(({ namespace }) => namespace ?? []),
    ...namespacesUnder(live.policyObjects ?? [], stack),
  ]);
}

/** Pods whose flows stand in policies of the stack's workloads by now. */
const allowedPods = (policyObjects: readonly unknown[], stack: string): NamedPods[] =>
  policyObjects.flatMap((object) => {
    const [own, namespace] = [at(object, "metadata", "labels"), at(object, "metadata", "namespace")];
    const isOurs = at(own, stackLabel) === stack && at(own, workloadLabel) !== undefined;
    if (!isOurs || typeof namespace !== "string") return [];
    const selector = at(object, "spec", "podSelector") ?? at(object, "spec", "endpointSelector");
    const labels = Object.entries((at(selector, "matchLabels") ?? {}) as Labels);
    // Of an account Cilium makes a label that no pod has.
    return [{ namespace, labels: Object.fromEntries(labels.filter(([key]) => key !== accountLabel)) }];
  });

/** So many of a namespace's owners are listed. */
const atMost = 10;

/**
 * Holds the pods that run against the flows: where default-deny comes to a namespace, pods that no flow
 * names would be cut off, so it waits for somebody's word. Where it is in force, or only logged, they are
 * named.
 */
export function judgeUnexplained(
  settings: Settings,
  live: LiveCluster,
  flows: readonly Flow[],
  enforced: ReadonlySet<string>,
  stack: string,
): { problems: Problem[]; warnings: string[] } {
  const unexplained = inNamespaces(unexplainedPods(live.pods ?? [], namedPods(flows)));
  const problems: Problem[] = [];
  const warnings: string[] = [];
  const allowedNow = inNamespaces(allowedPods(live.policyObjects ?? [], stack));
  settings.namespaces.forEach((namespace, i) => {
    const groups = unexplained.get(namespace.name) ?? [];
    if (groups.length === 0 || namespace.stage === "observe") return;
    const listed = groupList(groups);
    const path = `namespaces[${i}]`;
    if (enforced.has(namespace.name)) {
      const isLosing = (group: LivePodGroup): boolean =>
        (allowedNow.get(namespace.name) ?? []).some(({ labels }) => selects(labels, group.labels));
      const losing = groups.filter(isLosing);
      const denied = groups.filter((group) => !isLosing(group));
      if (losing.length > 0) {
        warnings.push(
          `${path}: Pods run in ${namespace.name} that have flows by now and that the settings explain no more, so this deployment cuts them off (a workload that went, or another name or labels of one): ${groupList(losing)}`,
        );
      }
      if (denied.length > 0) {
        warnings.push(
          `${path}: No flow explains pods that run in ${namespace.name}, so what they send and get is denied: ${groupList(denied)}`,
        );
      }
    } else if (namespace.stage === "audit") {
      warnings.push(
        `${path}: No flow explains pods that run in ${namespace.name}, so enforcement would cut them off: ${listed}`,
      );
    } else if (namespace.acceptUnexplainedPods) {
      warnings.push(
        `${path}: Default-deny cuts off pods that run in ${namespace.name} and no flow explains: ${listed}`,
      );
    } else {
      problems.push({
        path,
        message: `Default-deny would cut off pods that run in ${namespace.name} and no flow explains: ${listed}`,
        remedy: `${idleHint(namespace, groups)}declare their workloads and flows, or set stage: observe to see what they would lose, or acceptUnexplainedPods: true to go on`,
      });
    }
  });
  return { problems, warnings };
}

/** A screenful of groups, in words. */
function groupList(groups: readonly LivePodGroup[]): string {
  const rest = groups.length - atMost;
  const listed = groups.slice(0, atMost).map(describeGroup).join("; ");
  return rest > 0 ? `${listed}; and ${rest} more` : listed;
}

/** Who declared a workload and no flow may think that it is known. */
function idleHint(namespace: NamespaceSettings, groups: readonly LivePodGroup[]): string {
  const idle = [...workloadsOf([namespace]).values()]
    .map(({ endpoint }) => endpoint)
    .filter(({ labels }) => groups.some((group) => selects(labels, group.labels)))
    .map(({ workload }) => workload);
  return idle.length === 0
    ? ""
    : `no flow has ${firstFew(idle)} at either end, though ${idle.length === 1 ? "it is" : "they are"} declared; `;
}
