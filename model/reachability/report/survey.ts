import type { Problem } from "../../problem.ts";
import { type AllowedFlows, allowedFlows, type Party } from "../allowed.ts";
import { compiledOf } from "../compile.ts";
import { type Bounds, type MemberBlock, uncertainFlows } from "./difference.ts";
import { isolationOf, type NamespaceIsolation } from "./isolation.ts";
import { looseEnds } from "./loose-ends.ts";
import { type Member, numbered } from "./parties.ts";
import type { Picture } from "./picture.ts";

/** All that passes, and what is worth knowing of it. */
export interface Survey {
  /** All that surely passes; those of the same sources stand together. */
  readonly flows: readonly MemberBlock[];
  /** What passes for some requests only, or perhaps. */
  readonly uncertain: readonly MemberBlock[];
  readonly isolation: readonly NamespaceIsolation[];
  readonly looseEnds: readonly Problem[];
}

/** Cilium's ingress proxy is nobody where Cilium is not. */
export function boundsOf({ world }: Picture): Bounds {
  const known = new Map<Party, Party>();
  const among = (party: Party): Party => {
    if (world.dialect === "cilium" || !party.entities.includes("ingress")) return party;
    const others = known.get(party) ?? {
      ...party,
      entities: party.entities.filter((one) => one !== "ingress"),
    };
    known.set(party, others);
    return others;
  };
  const flows = (bound: "least" | "most"): AllowedFlows =>
    allowedFlows(world, bound).map(({ from, to, ports }) => ({ from: among(from), to: among(to), ports }));
  return { least: flows("least"), most: flows("most") };
}

/** Looks at everything. */
export function survey(picture: Picture): Survey {
  const { world } = picture;
  const bounds = boundsOf(picture);
  const { members, lists } = numbered([bounds.least], world.pods);
  const resolve = (set: Uint32Array): Member[] => [...set].flatMap((unit) => members[unit] ?? []);
  const compiled = compiledOf(world);
  return {
    flows: (lists[0] ?? []).map(({ from, to, ports }) => ({ from: resolve(from), to: resolve(to), ports })),
    uncertain: uncertainFlows(bounds, world.pods),
    isolation: isolationOf(compiled),
    looseEnds: looseEnds(compiled),
  };
}

/** Whom a flow is about, out of some: only their part of it. */
export function onlyAbout(
  flows: readonly MemberBlock[],
  { from, to }: { readonly from?: IsMeant | undefined; readonly to?: IsMeant | undefined },
): MemberBlock[] {
  return flows
    .map((flow): MemberBlock => ({
      from: from ? flow.from.filter(from) : flow.from,
      to: to ? flow.to.filter(to) : flow.to,
      ports: flow.ports,
    }))
    .filter((flow) => flow.from.length > 0 && flow.to.length > 0);
}

type IsMeant = (member: Member) => boolean;
