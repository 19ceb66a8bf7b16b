import type { Problem } from "../../problem.ts";
import type { Settings } from "../../settings.ts";
import { memoryBytes } from "../../sizing/node-pools.ts";
import { networkSizes } from "../../sizing/network-sizes.ts";
import { settledChart } from "../values.ts";
import { clusterIdProblems } from "./cluster-id.ts";
import { hubbleProblems } from "./hubble.ts";
import { loadBalancingProblems } from "./load-balancing.ts";
import { mapSizeProblems, mapSizeWarnings, type NodeMemory } from "./map-sizes.ts";
import { masqueradeProblems } from "./masquerade.ts";
import { AgentOptions, agentState } from "./options.ts";
import { routingProblems } from "./routing.ts";

/**
 * What Cilium's agent would refuse at its start though Helm takes it: every agent would
 * crash, and no pod would start any more. Each check names its place in Cilium's source;
 * `test/data-plane/agent-checks.test.ts` holds them against the real agent.
 */
export function agentProblems(settings: Settings): Problem[] {
  const options = agentOptions(settings);
  if (!options) return [];
  const state = agentState(options);
  return [
    ...mapSizeProblems(options, nodeMemory(settings)),
    ...routingProblems(options, state),
    ...masqueradeProblems(options, state),
    ...loadBalancingProblems(options, state),
    ...clusterIdProblems(options),
    ...hubbleProblems(options),
  ];
}

/** What the agent takes, but in another way than it was meant. */
export function agentWarnings(settings: Settings): Problem[] {
  const options = agentOptions(settings);
  return options ? mapSizeWarnings(options, nodeMemory(settings)) : [];
}

/** Undefined where there is no agent, or one that is not known here. */
function agentOptions(settings: Settings): AgentOptions | undefined {
  const { cilium } = settings;
  if (!cilium.enabled) return undefined;
  const values = settledChart(cilium, networkSizes(settings).told);
  return values && new AgentOptions(values);
}

const nodeMemory = ({ cluster: { node } }: Settings): NodeMemory => ({
  text: node.memory,
  bytes: memoryBytes(node),
});
