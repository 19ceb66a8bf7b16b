import type { CompiledWorld } from "./compile.ts";
import type { DeclaredFlow } from "./intent.ts";
import type { Broken } from "./proof-problems.ts";
import { endsOf, type Sides } from "./proof-sides.ts";
import type { Direction } from "./rules.ts";
import { always, overlap, ruleTerms, type Term, without } from "./terms.ts";
import { hasUnit } from "./unit-set.ts";

/** The flows of each unit that is at the near end of one. */
export function declaredBySelf(
  flows: readonly DeclaredFlow[],
  direction: Direction,
): Map<number, DeclaredFlow[]> {
  const result = new Map<number, DeclaredFlow[]>();
  for (const flow of flows) {
    for (const self of endsOf(flow, direction).self.byLabels) {
      const list = result.get(self);
      if (list === undefined) result.set(self, [flow]);
      else list.push(flow);
    }
  }
  return result;
}

/** What one side of a pod lets pass beyond its flows, and the rules that do. */
export function tooWide(
  compiled: CompiledWorld,
  sides: Sides,
  direction: Direction,
  self: number,
  flows: readonly DeclaredFlow[],
  path: string,
): Broken[] {
  const side = compiled.sides[direction].get(self);
  const terms = sides.terms(direction, self, "most");
  if (side === undefined || terms === undefined) return [{ kind: "not isolated", direction, self, path }];
  const termOf = (flow: DeclaredFlow): Term => ({
    peers: endsOf(flow, direction).peer.byLabels,
    ports: flow.ports,
  });
  const near = always(compiled, direction);
  const left = without(terms, [...flows.map(termOf), ...near]);
  const allowing = Object.values(side.rules)
    .flat()
    .filter(({ rule }) => rule.action === "allow");
  const hasAccounts = flows.some((flow) => {
    const { self: own, peer } = endsOf(flow, direction);
    return own.allowed !== own.byLabels || peer.allowed !== peer.byLabels;
  });
  const exact = hasAccounts ? without(terms, [...exactTerms(flows, direction, self), ...near]) : left;
  const rules = allowing.flatMap((rule): Broken[] => {
    const seesAccounts = rule.policy.kind.startsWith("Cilium");
    const [extra] = overlap(ruleTerms(compiled, direction, self, rule), seesAccounts ? exact : left);
    return extra === undefined ? [] : [{ kind: "too wide", direction, self, rule, ...extra, path }];
  });
  if (left.length > 0 && rules.length === 0) return [{ kind: "not isolated", direction, self, path }];
  const whole = flows.filter(({ requests }) => requests === undefined).map(termOf);
  const requests = allowing.flatMap((rule): Broken[] => {
    const narrowed = without(ruleTerms(compiled, direction, self, rule), whole);
    return (rule.rule.requests ?? []).flatMap((request): Broken[] => {
      const [extra] = without(narrowed, flows.filter((flow) => flow.requests?.includes(request)).map(termOf));
      return extra === undefined
        ? []
        : [{ kind: "too wide", direction, self, rule, ...extra, path, request }];
    });
  });
  return [...rules, ...requests];
}

/** What flows let a pod do whose service account is looked at. */
const exactTerms = (flows: readonly DeclaredFlow[], direction: Direction, self: number): Term[] =>
  flows.flatMap((flow) => {
    const { self: own, peer } = endsOf(flow, direction);
    return hasUnit(own.allowed, self) ? [{ peers: peer.allowed, ports: flow.ports }] : [];
  });
