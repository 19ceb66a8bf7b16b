import type { DatapathSizes } from "./network-sizes.ts";

/** Numbers that the chart can be told. */
type ToldName = Exclude<keyof DatapathSizes, "operatorReplicas">;
export type ChartSizes = Readonly<Partial<Record<ToldName, number>>>;

/** Chart minor from which on the operator's rates are its own; before, it has the agent's. */
export const operatorsOwnRates = 17;

/**
 * What holds where the chart is told nothing.
 * @param minor - of the chart, 14 for 1.14. Default: the newest
 */
export function chartDefaults(minor = 20): Readonly<Record<ToldName, number>> {
  const agentApiQps = minor < 15 ? 5 : 10;
  const operatorApiQps = minor < operatorsOwnRates ? agentApiQps : 100;
  return {
    bpfMapRatio: 0.0025,
    lbMapMax: 65_536,
    policyMapMax: 16_384,
    hubbleEventBuffer: 4095,
    agentApiQps,
    agentApiBurst: 2 * agentApiQps,
    operatorApiQps,
    operatorApiBurst: 2 * operatorApiQps,
  };
}

/** The numbers that the chart must be told: those that it would not choose by itself. */
export function chartSizes(sizes: DatapathSizes, minor: number): ChartSizes {
  const names = Object.entries(chartDefaults(minor)) as [ToldName, number][];
  return Object.fromEntries(
    names.flatMap(([name, byItself]) => (sizes[name].value === byItself ? [] : [[name, sizes[name].value]])),
  );
}
