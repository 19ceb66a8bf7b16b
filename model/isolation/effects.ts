import { asBoolean, asList, at, type Tree } from "../tree.ts";
import { every, not, some, UNKNOWN, type Truth } from "../verdict.ts";
import { isEmptySelector, selectsNamespace, type NamespaceFacts } from "./selector.ts";

export type Direction = "ingress" | "egress";
export const DIRECTIONS: readonly Direction[] = ["ingress", "egress"];

/** What a policy does to *every* pod of a namespace, in one direction. */
export interface Effect {
  /** It isolates them: what no policy allows is denied. */
  readonly isolates: Truth;
  /** It allows everything to them. Policies add up, so this undoes every isolation. */
  readonly opens: Truth;
}

/**
 * The effect of a NetworkPolicy (networking.k8s.io/v1). It isolates when its podSelector
 * is empty and its *effective* policyTypes hold the direction: when none are written,
 * these are Ingress, and Egress only if there are egress rules. It opens when one of its
 * rules has neither peers nor ports (`{}`).
 * @param fragment - true for a patch: what it leaves out stands in the cluster
 */
export function kubernetesEffect(spec: Tree, direction: Direction, fragment: boolean): Effect {
  const hidden = (key: string): boolean => fragment && at(spec, key) === undefined;
  const everyPod = hidden("podSelector") ? UNKNOWN : isEmptySelector(at(spec, "podSelector"));
  const carries = hidden("policyTypes") ? UNKNOWN : hasPolicyType(spec, direction);
  const rules = hidden(direction) ? UNKNOWN : asList(at(spec, direction));
  const peers = direction === "ingress" ? "from" : "to";
  const allowsAll = anyOf(rules, (rule) => every([isEmpty(rule, peers), isEmpty(rule, "ports")]));
  return { isolates: every([everyPod, carries]), opens: every([everyPod, carries, allowsAll]) };
}

function hasPolicyType(spec: Tree, direction: Direction): Truth {
  const types = asList(at(spec, "policyTypes"));
  if (types !== UNKNOWN && types.length === 0) {
    return direction === "ingress" ? true : not(isEmpty(spec, "egress"));
  }
  return anyOf(types, (type) => type === (direction === "ingress" ? "Ingress" : "Egress"));
}

/**
 * The effect of a CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy, `spec` and
 * `specs` together. A rule isolates when its endpointSelector selects every pod of the
 * namespace, it has a section for the direction with at least one entry, even an empty
 * one, and `enableDefaultDeny` is not false for it. It opens when an entry allows the
 * entity `all` on all ports: other than in a NetworkPolicy, the entry `{}` allows nothing.
 * @see https://docs.cilium.io/en/stable/security/policy/intro/#policy-enforcement-modes
 */
export function ciliumEffect(
  object: Tree,
  direction: Direction,
  namespace: NamespaceFacts,
  fragment: boolean,
): Effect {
  const specs = asList(at(object, "specs"));
  const spec = at(object, "spec");
  const rules = [...(spec === undefined ? [] : [spec]), ...(specs === UNKNOWN ? [UNKNOWN] : specs)];
  const effects = rules.map((rule) => ruleEffect(rule, direction, namespace, fragment));
  return {
    isolates: some(effects.map(({ isolates }) => isolates)),
    opens: some(effects.map(({ opens }) => opens)),
  };
}

function ruleEffect(rule: Tree, direction: Direction, namespace: NamespaceFacts, fragment: boolean): Effect {
  const selector = at(rule, "endpointSelector");
  const hidden = (key: string): boolean => fragment && at(rule, key) === undefined;
  // A rule with a nodeSelector instead is one for hosts.
  const everyPod =
    selector === undefined ? (fragment ? UNKNOWN : false) : selectsNamespace(selector, namespace);
  const hasSection = some(
    [direction, `${direction}Deny`].map((key) => (hidden(key) ? UNKNOWN : not(isEmpty(rule, key)))),
  );
  const deny = hidden("enableDefaultDeny") ? UNKNOWN : asBoolean(at(rule, "enableDefaultDeny", direction));
  const entities = direction === "ingress" ? "fromEntities" : "toEntities";
  const allowsAll = anyOf(asList(at(rule, direction)), (entry) =>
    every([
      anyOf(asList(at(entry, entities)), (entity) => entity === "all"),
      isEmpty(entry, "toPorts"),
      isEmpty(entry, "icmps"),
    ]),
  );
  return {
    isolates: every([everyPod, hasSection, deny === UNKNOWN ? UNKNOWN : deny !== false]),
    opens: every([everyPod, hidden(direction) ? UNKNOWN : allowsAll]),
  };
}

/** Whether a condition holds for an item of a list; an item that is not known may be the one. */
function anyOf(items: ReturnType<typeof asList>, condition: (item: unknown) => Truth): Truth {
  return items === UNKNOWN
    ? UNKNOWN
    : some(items.map((item) => (item === UNKNOWN ? UNKNOWN : condition(item))));
}

function isEmpty(tree: Tree, key: string): Truth {
  const items = asList(at(tree, key));
  return items === UNKNOWN ? UNKNOWN : items.length === 0;
}
