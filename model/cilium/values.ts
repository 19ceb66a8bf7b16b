import type { Problem } from "../problem.ts";
import type { CiliumSettings } from "../settings.ts";
import { isPlainObject, mergeValues, type Values } from "./merge-values.ts";

/** What the chart's values follow from, besides the settings. */
export interface CiliumInput {
  readonly settings: CiliumSettings;
  /** API server as every node reaches it without kube-proxy. */
  readonly apiServer: { readonly host: string; readonly port: number };
  readonly operatorReplicas: number;
}

/** Values of the Cilium chart: the baseline, and the user's own laid over it. */
export function ciliumValues({ settings, apiServer, operatorReplicas }: CiliumInput): Values {
  const { hubble } = settings;
  const baseline: Values = {
    kubeProxyReplacement: true,
    // Without kube-proxy nobody serves the API server's ClusterIP to the agent itself.
    k8sServiceHost: apiServer.host,
    k8sServicePort: apiServer.port,
    ipam: { mode: "kubernetes" },
    bpf: { masquerade: true, tproxy: true },
    hubble: {
      enabled: hubble.enabled,
      relay: { enabled: hubble.relay },
      ui: { enabled: hubble.ui },
    },
    operator: { replicas: operatorReplicas },
  };
  return mergeValues(baseline, settings.values);
}

/** Keys that articles print and no chart has; Helm takes them without a word. */
const imaginary: readonly { readonly key: readonly string[]; readonly remedy: string }[] = [
  {
    key: ["bpf", "conntrack"],
    remedy:
      "eBPF connection tracking is always on; its size is bpf.ctTcpMax and bpf.ctAnyMax, its accounting bpf.ctAccounting (from 1.17), its clean-up conntrackGCInterval",
  },
];

/** What is wrong with the user's own chart values. */
export function ciliumValuesProblems(values: Values): Problem[] {
  return imaginary.flatMap(({ key, remedy }) => {
    const value = key.reduce<unknown>((at, part) => (isPlainObject(at) ? at[part] : undefined), values);
    if (value === undefined) return [];
    return [
      {
        path: `cilium.values.${key.join(".")}`,
        message: `No version of the chart has ${key.join(".")} (given: ${JSON.stringify(value)})`,
        remedy,
      },
    ];
  });
}
