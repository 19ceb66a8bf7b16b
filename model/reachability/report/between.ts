import { compileWorld } from "../compile.ts";
import { intersect } from "../intervals.ts";
import type { PortSet } from "../ports.ts";
import { passingPorts } from "../side.ts";
import { type End, unitOf } from "../verdict.ts";
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
