import type { CompiledWorld } from "./compile.ts";
import type { DeclaredFlow } from "./intent.ts";
import { intersect, subtract } from "./intervals.ts";
import { allPorts, type PortSet } from "./ports.ts";
import type { Broken } from "./proof-problems.ts";
import { endsOf, type Sides } from "./proof-sides.ts";
import type { Direction } from "./rules.ts";
import { portsFor, type TermBound, without } from "./terms.ts";
import { hasUnit } from "./unit-set.ts";

/** A selector that matches nothing proves nothing. */
export function matchesNobody({ flow, from, to }: DeclaredFlow, declaredPods: number): Broken[] {
  return (["from", "to"] as const).flatMap((end): Broken[] => {
    const { required } = end === "from" ? from : to;
    const peer = flow[end];
    // Every pod of a namespace is whoever comes.
    if (peer.kind === "pods" && Object.keys(peer.labels).length === 0) return [];
    const isSomebody =
      peer.kind === "pods" ? required.some((unit) => unit < declaredPods) : required.length > 0;
    return isSomebody ? [] : [{ kind: "matches nobody", flow, end }];
  });
}

/** A flow that one side keeps from passing in full. */
export function doesNotPass(compiled: CompiledWorld, sides: Sides, declared: DeclaredFlow): Broken[] {
  const { flow, requests } = declared;
  const wanted = intersect(declared.ports, compiled.carried);
  const bounds: TermBound[] = requests?.map((request) => ({ request })) ?? ["least"];
  return (["egress", "ingress"] as const).flatMap((direction): Broken[] => {
    const { self: selves, peer: peers } = endsOf(declared, direction);
    for (const self of selves.required) {
      for (const bound of bounds) {
        const terms = sides.terms(direction, self, bound);
        if (terms === undefined) continue;
        const [left] = without([{ peers: peers.required, ports: wanted }], terms);
        const peer = left?.peers[0];
        if (left !== undefined && peer !== undefined) {
          return [{ kind: "does not pass", flow, direction, self, peer, ports: left.ports }];
        }
      }
    }
    if (flow.to.kind === "fqdn" && direction === "egress") {
      const blind = [...selves.required].find((self) => !seesAnswers(compiled, self));
      if (blind !== undefined) return [{ kind: "names unseen", flow, self: blind }];
    }
    // A port that the datapath does not carry at all.
    const lost = subtract(declared.ports, compiled.carried);
    const [self, peer] = [selves.required[0], peers.required[0]];
    if (direction === "ingress" || flow.port === undefined || lost.length === 0) return [];
    return self === undefined || peer === undefined
      ? []
      : [{ kind: "does not pass", flow, direction, self, peer, ports: lost }];
  });
}

/** Cilium knows the addresses of a name from the answers that a rule for DNS shows it. */
const seesAnswers = ({ sides }: CompiledWorld, self: number): boolean =>
  sides.egress.get(self)?.rules.policy.some(({ rule }) => rule.seesDns === true) ?? false;

/** Requests are looked into at either end: where neither does, all of them pass. */
export function isNotNarrowed(
  compiled: CompiledWorld,
  sides: Sides,
  declared: DeclaredFlow,
  flows: readonly DeclaredFlow[],
): Broken[] {
  if (declared.requests === undefined) return [];
  const whole = flows.filter(({ requests }) => requests === undefined);
  const plain = (direction: Direction, self: number, peer: number): PortSet => {
    const terms = sides.terms(direction, self, "least");
    return terms === undefined ? allPorts : portsFor(terms, (peers) => hasUnit(peers, peer));
  };
  for (const from of declared.from.required) {
    for (const to of declared.to.required) {
      const both = intersect(plain("egress", from, to), plain("ingress", to, from));
      const meant = whole.filter((flow) => hasUnit(flow.from.allowed, from) && hasUnit(flow.to.allowed, to));
      const ports = meant.reduce((left, flow) => subtract(left, flow.ports), intersect(both, declared.ports));
      if (ports.length > 0) return [{ kind: "not narrowed", flow: declared.flow, from, to }];
    }
  }
  return [];
}
