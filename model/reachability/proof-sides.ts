import type { CompiledWorld } from "./compile.ts";
import type { DeclaredFlow, EndUnits } from "./intent.ts";
import type { Direction } from "./rules.ts";
import { passingTerms, type Term, type TermBound } from "./terms.ts";

/** What each side lets pass, worked out once. */
export class Sides {
  private readonly compiled: CompiledWorld;
  private readonly known = new Map<string, Map<number, readonly Term[] | undefined>>();

  constructor(compiled: CompiledWorld) {
    this.compiled = compiled;
  }

  /** Undefined: everything. */
  terms(direction: Direction, self: number, bound: TermBound): readonly Term[] | undefined {
    const key = `${direction} ${typeof bound === "string" ? bound : `for ${bound.request}`}`;
    let known = this.known.get(key);
    if (known === undefined) this.known.set(key, (known = new Map<number, readonly Term[] | undefined>()));
    const terms = known.get(self);
    if (terms !== undefined || known.has(self)) return terms;
    const found = passingTerms(this.compiled, direction, self, bound);
    known.set(self, found);
    return found;
  }
}

/** The two ends of a flow, as one side sees them. */
export const endsOf = (
  { from, to }: DeclaredFlow,
  direction: Direction,
): { self: EndUnits; peer: EndUnits } =>
  direction === "egress" ? { self: from, peer: to } : { self: to, peer: from };
