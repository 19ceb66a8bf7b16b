import { chartDefaults, operatorsOwnRates } from "./chart-sizes.ts";
import type { Shape } from "./shape.ts";
import type { Size } from "./size.ts";

/** A pod that comes up takes so many calls of its agent: endpoint, identity, status. */
const callsPerPod = 3;
/** A node's pods should all be known again after so many seconds, when the node comes back. */
const recoverySeconds = 90;
/** Pods of the largest cluster that Cilium's scalability report has measured. */
const testedPods = 50_000;
const burstPerQuery = 2;

/** Requests a second to the API server, and how many at once. */
export interface ApiClientRates {
  readonly agentApiQps: Size;
  readonly agentApiBurst: Size;
  readonly operatorApiQps: Size;
  readonly operatorApiBurst: Size;
}

/**
 * How fast agent and operator may ask the API server.
 * @param minor - of the chart, 14 for 1.14
 */
export function apiClientRates({ podsPerNode, load: { pods } }: Shape, minor: number): ApiClientRates {
  const { agentApiQps: agentDefault, operatorApiQps: operatorDefault } = chartDefaults(minor);
  const agent = Math.max(agentDefault, Math.ceil((podsPerNode * callsPerPod) / recoverySeconds));
  const source = "cilium pkg/defaults K8sClientQPSLimit; chart: k8sClientRateLimit";
  const qps = (value: number, because: string): Size => ({ value, unit: "requests/s", because, source });
  const burst = ({ value }: Size): Size => ({
    value: value * burstPerQuery,
    unit: "requests",
    because: `${burstPerQuery} × ${value} requests/s, as the defaults are`,
    source,
  });
  const agentApiQps = qps(
    agent,
    agent === agentDefault
      ? `the default: ${podsPerNode} pods × ${callsPerPod} calls are through in ${recoverySeconds} s`
      : `${podsPerNode} pods of a node × ${callsPerPod} calls / ${recoverySeconds} s`,
  );
  const operatorApiQps =
    minor < operatorsOwnRates
      ? {
          ...agentApiQps,
          because: `the agent's: charts before 1.${operatorsOwnRates} have one rate for both`,
        }
      : operatorQps();
  return {
    agentApiQps,
    agentApiBurst: burst(agentApiQps),
    operatorApiQps,
    operatorApiBurst: burst(operatorApiQps),
  };

  function operatorQps(): Size {
    const scaled = Math.ceil(operatorDefault * (pods.value / testedPods));
    return scaled <= operatorDefault
      ? qps(operatorDefault, `the default, up to the ${testedPods} pods that Cilium has measured`)
      : qps(scaled, `the default × ${pods.value} pods / ${testedPods} pods that Cilium has measured`);
  }
}
