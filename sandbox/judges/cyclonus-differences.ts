/**
 * Where the matcher of cyclonus v0.5.6 judges differently from Kubernetes, and how a question is put so that it
 * answers what Kubernetes does. Each of these was seen; `test/engine/reachability-oracle.test.ts` looks that each is
 * still needed. What is left to the asked program (toolchain/programs/cyclonus): the matcher wants named ports
 * resolved, with one name for each connection, where a container may name a port twice.
 *
 * Not in here, because there is nothing to ask: a peer `{}`, which the API server refuses and the matcher reads as
 * every pod of the policy's namespace; a pod to itself, for the matcher knows of labels only, not of pods.
 */
import type {
  EgressRule,
  Expression,
  IngressRule,
  NetworkPolicy,
  NetworkPolicySpec,
  PolicyPeer,
  Scene,
  Selector,
} from "./scene.ts";

/** A scene that the matcher judges as Kubernetes judges the given one. */
export const questionForCyclonus = (scene: Scene): Scene => ({
  ...scene,
  policies: forCyclonus(scene.policies),
});

/** Policies that the matcher judges as Kubernetes judges the given ones. */
export function forCyclonus(policies: readonly NetworkPolicy[]): NetworkPolicy[] {
  return policies.flatMap((policy) => {
    const { podSelector, ingress, egress } = policy.spec;
    const spec: Omit<NetworkPolicySpec, "podSelector"> = {
      policyTypes: effectiveTypes(policy.spec),
      ingress: ingress?.map((rule): IngressRule => ({ ...rule, from: eitherPeer(rule.from) })),
      egress: egress?.map((rule): EgressRule => ({ ...rule, to: eitherPeer(rule.to) })),
    };
    return either(podSelector).map((selector) => ({ ...policy, spec: { podSelector: selector, ...spec } }));
  });
}

/**
 * The matcher panics where policyTypes is empty. The API server fills it in before anybody reads it: Ingress, and
 * Egress where there are egress rules (pkg/apis/networking/v1/defaults.go of Kubernetes).
 */
function effectiveTypes({ policyTypes, egress }: NetworkPolicySpec): readonly ("Ingress" | "Egress")[] {
  if (policyTypes && policyTypes.length > 0) return policyTypes;
  return egress && egress.length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
}

function eitherPeer(peers: readonly PolicyPeer[] | null | undefined): PolicyPeer[] | undefined {
  return peers?.flatMap((peer) =>
    optional(peer.namespaceSelector).flatMap((namespaceSelector) =>
      optional(peer.podSelector).map((podSelector) => ({ ...peer, namespaceSelector, podSelector })),
    ),
  );
}

const optional = (selector: Selector | null | undefined): (Selector | undefined)[] =>
  selector ? either(selector) : [undefined];

/**
 * Selectors of which one selects in the matcher what the given one selects in Kubernetes:
 *
 * - `NotIn` selects what has no such label, too (Requirement.Matches in apimachinery's pkg/labels); the matcher wants
 *   the label to be there. So it becomes that, or `DoesNotExist`.
 * - A label that is to be empty has to be there; the matcher takes a missing one for it. So it becomes `In [""]`.
 */
function either(selector: Selector): Selector[] {
  const labels = Object.entries(selector.matchLabels ?? {});
  const full = labels.filter(([, value]) => value !== "");
  const empty = labels
    .filter(([, value]) => value === "")
    .map(([key]): Expression => ({ key, operator: "In", values: [""] }));
  const ways = [...empty, ...(selector.matchExpressions ?? [])].map((expression): Expression[] =>
    expression.operator === "NotIn"
      ? [expression, { key: expression.key, operator: "DoesNotExist" }]
      : [expression],
  );
  return product(ways).map((matchExpressions) => ({
    matchLabels: Object.fromEntries(full),
    matchExpressions,
  }));
}

/** One of each, in every way. */
function product<T>(ways: readonly (readonly T[])[]): T[][] {
  return ways.reduce<T[][]>(
    (made, next) => made.flatMap((begun) => next.map((one) => [...begun, one])),
    [[]],
  );
}
