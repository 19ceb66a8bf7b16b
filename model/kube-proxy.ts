import { replacesKubeProxy } from "./cilium/replaces-kube-proxy.ts";
import { settledValues } from "./cilium/values.ts";
import { healthPortProblems, healthPortWarnings } from "./kube-proxy-health.ts";
import { type LiveCluster, type ReleaseContent, stackLabel } from "./live.ts";
import { isChained } from "./prior-cni.ts";
import type { Problem } from "./problem.ts";
import type { CiliumSettings, Settings } from "./settings.ts";

/** The DaemonSet that kubeadm and its like run kube-proxy by, in kube-system. */
export const kubeProxyName = "kube-proxy";

/**
 * Label that no node has. As one more key of the DaemonSet's nodeSelector it takes kube-proxy off all nodes;
 * the keys that were there stay, so giving it back is to take this one away, whatever others changed.
 */
export const neededLabel = "cluster-network/needs-kube-proxy";

/** Annotation of the DaemonSet: which form of it was taken off, see {@link formOf}. */
export const takenOffAnnotation = "cluster-network/kube-proxy-taken-off";

/** What is read of kube-proxy's DaemonSet. */
export interface LiveKubeProxy {
  readonly uid: string;
  readonly generation: number;
  readonly annotations: Readonly<Record<string, string>>;
  readonly nodeSelector: Readonly<Record<string, string>>;
}

/** Whether kube-proxy is off the nodes because of this program. */
export const isTakenOff = ({ nodeSelector }: Pick<LiveKubeProxy, "nodeSelector">): boolean =>
  Object.hasOwn(nodeSelector, neededLabel);

/**
 * The form of the DaemonSet that is, or was, taken off. It stays the same for as long as kube-proxy stays
 * off, and is another one when somebody (kubeadm at an upgrade) brings kube-proxy back to the nodes.
 */
export function formOf(kubeProxy: LiveKubeProxy): string {
  const recorded = isTakenOff(kubeProxy) ? kubeProxy.annotations[takenOffAnnotation] : undefined;
  return recorded ?? `${kubeProxy.uid}/${kubeProxy.generation}`;
}

/** What a deployment does with kube-proxy. */
export interface KubeProxyPlan {
  /** Form to take off the nodes; undefined where kube-proxy stays, or comes back. */
  readonly takeOff?: string | undefined;
  /**
   * Whether to put it back before all else. A Command in the state does so when it goes, but a state that was
   * lost, or a run that was killed before it wrote there, has none.
   */
  readonly putBack: boolean;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/**
 * Decides whether kube-proxy goes.
 * @param wanted - the release to make; undefined when Cilium is turned off
 * @param migrating - whether pods of another CNI may still need kube-proxy
 * @param stack - `<project>.<stack>`, the value of the stack label
 */
export function planKubeProxy(
  { cilium, calico }: Settings,
  live: LiveCluster,
  wanted: ReleaseContent | undefined,
  migrating: boolean,
  stack: string,
): KubeProxyPlan {
  const nothing = { putBack: false, problems: [], warnings: [] };
  const { kubeProxy } = live;
  if (!kubeProxy) return nothing;
  const isOff = isTakenOff(kubeProxy);
  if (!wanted && calico.enabled) return isOff ? { ...nothing, problems: [neededByCalico] } : nothing;
  // Another stack's Cilium may need it off.
  if (!wanted) return { ...nothing, putBack: isOff && live.record?.labels[stackLabel] === stack };
  if (!replacesKubeProxy(wanted)) return isOff ? { ...nothing, problems: [comesTooLate] } : nothing;
  const problems = isOff ? [] : healthPortProblems(live, wanted);
  if (cilium.kubeProxy === "keep") return { ...nothing, putBack: isOff, problems };
  if (migrating && !isOff) return { ...nothing, problems, warnings: [staysWhileMigrating] };
  if (isChained(wanted) && !isOff && cilium.kubeProxy !== "remove")
    return { ...nothing, problems, warnings: [staysInChain] };
  const goes = !isOff && live.deployedRelease ? [goesOff] : [];
  return {
    ...nothing,
    takeOff: formOf(kubeProxy),
    problems,
    warnings: [...goes, ...healthPortWarnings(live, wanted)],
  };
}

/** What the settings alone tell to be wrong. */
export function kubeProxyProblems(cilium: CiliumSettings): Problem[] {
  const release = { chartVersion: cilium.version, values: settledValues(cilium) };
  if (!cilium.enabled || cilium.kubeProxy !== "remove" || replacesKubeProxy(release)) return [];
  return [
    {
      path: "cilium.kubeProxy",
      message:
        "remove would leave Services to nobody: by cilium.values, Cilium does not replace kube-proxy (kubeProxyReplacement)",
      remedy: "leave kubeProxy out, or kubeProxyReplacement",
    },
  ];
}

/** The release comes before kube-proxy is put back, and in between nobody would serve. */
const comesTooLate: Problem = {
  path: "cilium.values.kubeProxyReplacement",
  message:
    "Cilium is to stop replacing kube-proxy, which is off the nodes: nobody would serve Services until it is back",
  remedy:
    "put kube-proxy back first, by a deployment with cilium.kubeProxy: keep and the replacement as it was",
};

/** Its operator reaches the API server by a Service, so what comes after it would wait for it. */
const neededByCalico: Problem = {
  path: "datapath",
  message: "Calico leaves Services to kube-proxy, which is off the nodes: nobody would serve them",
  remedy: "put kube-proxy back first, by a deployment with datapath: cilium and cilium.kubeProxy: keep",
};

const staysWhileMigrating =
  "kube-proxy stays on the nodes as long as another CNI runs there; the deployment after takes it off";

/** @see docs.cilium.io, CNI Chaining: no load-balancing for traffic of pods from before it */
const staysInChain =
  "kube-proxy stays on the nodes, for Cilium is chained behind another network plugin and serves pods only once they are made anew: cilium.kubeProxy: keep agrees, remove takes it off";

/** Said where Cilium runs already, perhaps beside kube-proxy for long: nothing else of the preview tells why. */
const goesOff =
  "kube-proxy goes off the nodes with this deployment, for Cilium replaces it; its rules stay on each node until it is rebooted (docs/operations.md, kube-proxy); cilium.kubeProxy: keep leaves it";
