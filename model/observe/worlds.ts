import { type LiveCluster, ownLabels, stackLabel } from "../live.ts";
import { type LivePodGroup, podGroups } from "../live-pods.ts";
import { policyManifest } from "../policies/manifest.ts";
import type { PolicyPlan } from "../policies/plan-policies.ts";
import { networkPolicies } from "../policies/policies.ts";
import { type PodGroup, readPolicies, type World } from "../reachability/index.ts";
import type { Settings } from "../settings.ts";
import { at } from "../tree.ts";

/** Pods that run, and who may connect to whom: today, and were every declared namespace enforced. */
export interface Worlds {
  readonly pods: readonly ObservedGroup[];
  /** Stands for all pods of namespaces that the settings do not declare. */
  readonly others: PodGroup;
  readonly today: World;
  readonly enforced: World;
  /** Policies that were not understood: what they allow or deny is not in the report. */
  readonly doubts: readonly string[];
}

export interface ObservedGroup {
  readonly live: LivePodGroup;
  readonly end: PodGroup;
}

const otherNamespaces = "namespaces that are not declared";

/** @param stack - `<project>.<stack>`: its own policies of today are not those of tomorrow */
export function worldsOf(
  settings: Settings,
  live: LiveCluster,
  { flows, facts }: PolicyPlan,
  stack: string,
): Worlds {
  const pods = podGroups(live.pods ?? []).map((group) => ({ live: group, end: endOf(group) }));
  const others: PodGroup = {
    name: `pods of ${otherNamespaces}`,
    namespace: otherNamespaces,
    labels: {},
    ports: [],
  };
  const labels = ownLabels(stack);
  const planned = networkPolicies(settings, flows, facts).map((policy) => policyManifest(policy, labels));
  const objects = live.policyObjects ?? [];
  const foreign = objects.filter((object) => at(object, "metadata", "labels", stackLabel) !== stack);
  const today = readPolicies(objects);
  const enforced = readPolicies([...foreign, ...planned]);
  const shared = {
    namespaces: [
      ...live.namespaces.map((namespace) => ({ name: namespace.name, labels: namespace.labels })),
      { name: otherNamespaces, labels: {} },
    ],
    pods: [...pods.map(({ end }) => end), others],
    dialect: settings.datapath === "cilium" ? ("cilium" as const) : ("kubernetes" as const),
    network: { podCidrs: [settings.cluster.podCidr], serviceCidrs: [settings.cluster.serviceCidr] },
  };
  return {
    pods,
    others,
    today: { ...shared, policies: today.policies },
    enforced: { ...shared, policies: enforced.policies },
    doubts: today.problems.map(({ path, message }) => `${path}: ${message}`),
  };
}

const endOf = ({
  namespace,
  owner,
  labels,
  serviceAccount,
  ports,
  addresses,
  hostNetwork,
}: LivePodGroup): PodGroup => ({
  name: `${namespace}/${owner.name}`,
  namespace,
  labels,
  serviceAccount,
  ports,
  addresses,
  hostNetwork,
});
