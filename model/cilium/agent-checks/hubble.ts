import type { Problem } from "../../problem.ts";
import type { AgentOptions } from "./options.ts";

const largest = 65_535;

/**
 * What keeps Hubble from starting. The agent runs without it then, and says so in its log
 * and in `cilium-dbg status` alone: relay and UI stay empty.
 * @see pkg/hubble/container/ring.go, `NewCapacity`
 */
export function hubbleProblems(options: AgentOptions): Problem[] {
  if (!options.isOn("enable-hubble")) return [];
  const option = "hubble-event-buffer-capacity";
  const capacity = options.number(option) ?? NaN;
  const exponent = Math.log2(capacity + 1);
  if (Number.isInteger(exponent) && capacity > 0 && capacity <= largest) return [];
  return [
    {
      path: options.path(option),
      message: `Hubble event buffer ${options.text(option)} is not 2^n-1 and up to ${largest}, and Hubble does not start with it`,
      remedy: `use ${nearest(exponent).join(" or ")}`,
    },
  ];
}

/** The capacities on both sides. */
function nearest(exponent: number): number[] {
  if (!(exponent > 0)) return [4095];
  const sides = [Math.floor(exponent), Math.ceil(exponent)].map((n) => Math.min(16, Math.max(1, n)));
  return [...new Set(sides)].map((n) => 2 ** n - 1);
}
