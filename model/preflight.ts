import { corefileBackupName } from "./adopted-corefile.ts";
import type { LiveCluster, LiveObject } from "./live.ts";
import { recordName, stackLabel } from "./live.ts";
import type { Policy } from "./policies/policies.ts";
import type { Problem } from "./problem.ts";
import type { Settings } from "./settings.ts";

/** What the stack is about to create, by name. */
export interface Intended {
  /** `<project>.<stack>`, the value of the stack label. */
  readonly stack: string;
  readonly policies: readonly Policy[];
  /** DaemonSet in kube-system; undefined when node tuning is off. */
  readonly daemonSet?: string | undefined;
  /** Secrets in kube-system. */
  readonly secrets?: readonly string[];
}

/**
 * What in the cluster stands in the way of a deployment. An object of the same name that
 * is not this stack's is never taken over: it may be somebody's, and would go with the stack.
 */
export function preflightProblems(settings: Settings, live: LiveCluster, intended: Intended): Problem[] {
  return [
    ...namespaceProblems(settings, live, intended.stack),
    ...policyProblems(live, intended),
    ...(intended.daemonSet === undefined
      ? []
      : foreign(
          live.daemonSets,
          [{ namespace: "kube-system", name: intended.daemonSet }],
          intended.stack,
          "DaemonSet",
        )),
    ...foreign(
      live.certificates?.found ?? [],
      (intended.secrets ?? []).map((name) => ({ namespace: "kube-system", name })),
      intended.stack,
      "Secret",
    ),
    ...(settings.dns.enabled && !live.coreDns ? [noCoreDns] : []),
    ...inSystem(live.record && [live.record], recordName, intended.stack),
    ...(settings.dns.enabled ? backupProblems(live, intended.stack) : []),
    ...apiServerProblems(settings, live),
    ...releaseProblems(settings, live),
  ];
}

function namespaceProblems({ namespaces }: Settings, live: LiveCluster, stack: string): Problem[] {
  return namespaces.flatMap(({ name, create }, i) => {
    const found = live.namespaces.find((ns) => ns.name === name);
    if (!create && !found) {
      return [
        {
          path: `namespaces[${i}]`,
          message: `Namespace ${name} does not exist`,
          remedy: "create it, correct the name, or set create: true",
        },
      ];
    }
    if (create && found && found.labels[stackLabel] !== stack) {
      return [
        {
          path: `namespaces[${i}].create`,
          message: `Namespace ${name} exists already and is not of this stack`,
          remedy: "leave create out, and it is used as it is",
        },
      ];
    }
    return [];
  });
}

function policyProblems(live: LiveCluster, { policies, stack }: Intended): Problem[] {
  const found = {
    NetworkPolicy: live.networkPolicies,
    CiliumNetworkPolicy: live.ciliumPolicies ?? [],
    CiliumClusterwideNetworkPolicy: live.ciliumClusterPolicies ?? [],
    ClusterNetworkPolicy: live.clusterPolicies ?? [],
  };
  return Object.entries(found).flatMap(([kind, objects]) =>
    foreign(
      objects,
      policies.filter((policy) => policy.kind === kind),
      stack,
      kind,
    ),
  );
}

function foreign(
  found: readonly LiveObject[],
  wanted: readonly { readonly namespace?: string; readonly name: string }[],
  stack: string,
  kind: string,
): Problem[] {
  const names = new Set(wanted.map(({ namespace, name }) => `${namespace ?? ""}/${name}`));
  return found
    .filter(
      ({ namespace, name, labels }) =>
        names.has(`${namespace ?? ""}/${name}`) && labels[stackLabel] !== stack,
    )
    .map(({ namespace, name, labels: { [stackLabel]: owner } }) => ({
      path: namespace === undefined ? name : `${namespace}/${name}`,
      message: `${kind} exists already and ${owner === undefined ? "is not of this program" : `belongs to stack ${owner}`}`,
      remedy:
        namespace === undefined && owner !== undefined
          ? "a cluster has one such policy, of one stack: set policies.baseline: namespaces in the other"
          : `rename or delete it, or, to hand it over, label it ${stackLabel}=${stack}`,
    }));
}

/** ConfigMaps of ours in kube-system under somebody else's label, or none. */
function inSystem(found: readonly LiveObject[] = [], name: string, stack: string): Problem[] {
  return foreign(found, [{ namespace: "kube-system", name }], stack, "ConfigMap");
}

/** One stack keeps the original Corefile; two would overwrite each other's. */
function backupProblems({ coreDns }: LiveCluster, stack: string): Problem[] {
  const labels = coreDns?.backupLabels;
  const name = corefileBackupName;
  return labels === undefined ? [] : inSystem([{ namespace: "kube-system", name, labels }], name, stack);
}

const noCoreDns: Problem = {
  path: "dns.enabled",
  message: "The cluster has no ConfigMap kube-system/coredns with a Corefile",
  remedy: "set dns.enabled: false where DNS is run in another way",
};

/** An address that only works on the node itself would take the whole datapath down. */
function apiServerProblems({ cluster, cilium, calico }: Settings, { apiServer }: LiveCluster): Problem[] {
  const isTold = cilium.enabled || (calico.enabled && calico.dataplane === "ebpf");
  const loopback = /^(127\.|localhost$|::1$|\[::1\]$)/.test(apiServer.host);
  if (!isTold || cluster.apiServer !== "auto" || !loopback || cluster.nodes === 1) return [];
  return [
    {
      path: "cluster.apiServer",
      message: `auto found ${apiServer.host}:${apiServer.port} (${apiServer.from}), which other nodes cannot reach`,
      remedy: "set host and port as the nodes see them",
    },
  ];
}

/** A release that no stack of this program has announced is somebody else's. */
function releaseProblems({ cilium }: Settings, { release, record }: LiveCluster): Problem[] {
  if (!cilium.enabled || release === undefined || release.status === "uninstalled" || record) return [];
  return [
    {
      path: "cilium",
      message: `Helm release kube-system/cilium exists already (revision ${release.revision}, ${release.status}) and is not of this stack`,
      remedy: "uninstall it first, or set cilium.enabled: false to leave the datapath to it",
    },
  ];
}
