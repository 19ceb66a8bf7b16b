import type { Problem } from "../problem.ts";
import type { CiliumSettings } from "../settings.ts";
import { withPrintableSizes } from "./chart-numbers.ts";
import { chartRuleProblems, ChartValues } from "./chart-rules/index.ts";
import { type ChartVersion, parseChartVersion } from "./chart-version.ts";
import { compile, refusedProblem } from "./compile.ts";
import { mergeValues, type Values } from "./merge-values.ts";
import { optionProblems } from "./option-rules.ts";
import { wishesOf } from "./options.ts";
import { isKnownChart } from "./requirements.ts";
import { type CiliumSizes, sizeWishes } from "./sizes.ts";
import { checkUserValues } from "./user-values.ts";

/** What the chart's values follow from, besides the settings. */
export interface CiliumInput {
  readonly settings: CiliumSettings;
  /**
   * API server as every node reaches it without kube-proxy; `auto` lets charts from 1.16 on look it up in
   * kubeadm's `kube-public/cluster-info`.
   */
  readonly apiServer: { readonly host: string; readonly port: number } | "auto";
  readonly operatorReplicas: number;
  /** Numbers that were sized. Default: the chart's, and the agent's own sizing. */
  readonly sizes?: CiliumSizes | undefined;
}

/** All that is known before the cluster is: without API server, operators and sizes. */
type Settled = Pick<CiliumInput, "settings"> & Partial<CiliumInput>;

/**
 * Values of the Cilium chart: the baseline, the options in the keys of the chart's version, and the user's
 * own laid over them. The same input gives the same values in the same order.
 */
export function ciliumValues(input: CiliumInput): Values {
  return layers(input).values;
}

/** Those of the values that the settings alone decide: all but the API server's address. */
export function settledValues(settings: CiliumSettings, sizes?: CiliumSizes): Values {
  return layers({ settings, sizes }).values;
}

/** {@link settledValues} over the chart's defaults, with the settings key behind each; undefined for a chart that is not known. */
export function settledChart(settings: CiliumSettings, sizes?: CiliumSizes): ChartValues | undefined {
  const version = parseChartVersion(settings.version);
  if (!version || !isKnownChart(version)) return undefined;
  const { values, own, optionOf } = layers({ settings, sizes });
  return new ChartValues(values, version, own, optionOf);
}

/**
 * What stands against the values, before any cluster is asked: options that this chart has not, keys it
 * does not know, values of the wrong type, and combinations that it refuses.
 */
export function ciliumProblems(input: Settled): Problem[] {
  const { settings } = input;
  const version = parseChartVersion(settings.version);
  if (!settings.enabled || !version || !isKnownChart(version)) return [];
  const { values, own, optionOf, problems } = layers(input);
  return [
    ...optionProblems(settings, version),
    ...problems,
    ...chartRuleProblems(new ChartValues(values, version, own, optionOf)),
  ];
}

/** Old keys in the user's own values, which the chart is given under their new names. */
export function ciliumWarnings({ enabled, values, version }: CiliumSettings): readonly Problem[] {
  return enabled ? checkUserValues(values, version).translated : [];
}

function layers(input: Settled) {
  const { settings, sizes = {} } = input;
  const version = parseChartVersion(settings.version) ?? newest;
  const options = compile(wishesOf(settings, version), version);
  const own = checkUserValues(settings.values, settings.version);
  const values = [
    baseline(input),
    options.values,
    // Charts that cannot be told a number do without: the agent then sizes by itself.
    compile(sizeWishes(sizes), version).values,
    own.values,
  ].reduce(mergeValues);
  return {
    values: withPrintableSizes(values, version),
    own: own.values,
    optionOf: new Map([...baselineOptions, ...options.optionOf]),
    problems: [
      ...options.refused.map((wish) => refusedProblem(wish, version, settings.version)),
      ...own.problems,
    ],
  };
}

const newest: ChartVersion = { minor: 20, patch: 0 };

/** What every release gets, in keys that all charts have. */
function baseline({ settings: { hubble }, apiServer, operatorReplicas }: Settled): Values {
  return {
    kubeProxyReplacement: true,
    // Without kube-proxy nobody serves the API server's ClusterIP to the agent itself.
    ...(apiServer === "auto"
      ? { k8sServiceHost: "auto" }
      : apiServer && { k8sServiceHost: apiServer.host, k8sServicePort: apiServer.port }),
    ipam: { mode: "kubernetes" },
    bpf: { masquerade: true, tproxy: true },
    hubble: {
      enabled: hubble.enabled,
      relay: { enabled: hubble.relay },
      ui: { enabled: hubble.ui },
    },
    ...(operatorReplicas !== undefined && { operator: { replicas: operatorReplicas } }),
  };
}

const baselineOptions: readonly (readonly [string, string])[] = [
  ["hubble.enabled", "cilium.hubble.enabled"],
  ["hubble.relay.enabled", "cilium.hubble.relay"],
  ["hubble.ui.enabled", "cilium.hubble.ui"],
  ["operator.replicas", "cilium.operatorReplicas"],
];
