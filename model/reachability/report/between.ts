import { addressNumber } from "../addresses.ts";
import { type CompiledWorld, compileWorld } from "../compile.ts";
import { intersect } from "../intervals.ts";
import type { PortSet } from "../ports.ts";
import { passingPorts } from "../side.ts";
import { addressUnit, concreteName } from "../units.ts";
import type { End } from "../verdict.ts";
import type { World } from "../world.ts";

/** The ports by which one reaches another: those that pass in any case, and those that may. */
export interface Passing {
  readonly surely: PortSet;
  readonly perhaps: PortSet;
}

/** Answers for pairs of a world that is looked through once. */
export function passingBetween(world: World, names: readonly string[]): (from: End, to: End) => Passing {
  const compiled = compileWorld(world, { cidrs: [], names });
  return (from, to) => {
    const [source, destination] = [unitOf(compiled, from), unitOf(compiled, to)];
    const ports = (bound: "least" | "most"): PortSet =>
      intersect(
        compiled.carried,
        intersect(
          passingPorts(compiled, "egress", source, destination, bound),
          passingPorts(compiled, "ingress", destination, source, bound),
        ),
      );
    return { surely: ports("least"), perhaps: ports("most") };
  };
}

function unitOf({ units }: CompiledWorld, end: End): number {
  if ("pod" in end) return units.pods.get(end.pod) ?? -1;
  if ("entity" in end) return units.entities.get(end.entity) ?? -1;
  if ("fqdn" in end) return units.names.get(concreteName(end.fqdn)) ?? -1;
  return addressUnit(units, addressNumber(end.address) ?? 0n);
}
