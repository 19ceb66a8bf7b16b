import { asList, asText, at, type Tree } from "../tree.ts";
import { every, some, UNKNOWN, type Truth } from "../verdict.ts";
import type { Direction, Effect } from "./effects.ts";
import { isEmptySelector, type NamespaceFacts, selectsByLabels } from "./selector.ts";

const everywhere = ["0.0.0.0/0", "::/0"];

/**
 * The effect of a ClusterNetworkPolicy (policy.networking.k8s.io). Its first rule that matches decides, so
 * it isolates when the first one that takes everything denies. That can be for egress only: a peer of an
 * ingress rule is pods, so what comes from elsewhere is beyond it. It opens when that rule accepts, and has
 * the say before NetworkPolicies (tier Admin); in the tier Baseline they have it.
 * @param fragment - true for a patch: what it leaves out stands in the cluster
 * @see https://network-policy-api.sigs.k8s.io/api-overview/
 */
export function clusterPolicyEffect(
  spec: Tree,
  direction: Direction,
  namespace: NamespaceFacts,
  fragment: boolean,
): Effect {
  const nothing: Effect = { isolates: false, opens: false };
  if (direction === "ingress") return nothing;
  const hidden = (key: string): boolean => fragment && at(spec, key) === undefined;
  const selected = hidden("subject") ? UNKNOWN : selectsAll(at(spec, "subject"), namespace);
  const tier = hidden("tier") ? UNKNOWN : asText(at(spec, "tier"));
  const action = hidden("egress") ? UNKNOWN : lastWord(asList(at(spec, "egress")));
  const isAdmin: Truth = tier === UNKNOWN ? UNKNOWN : tier === "Admin";
  const is = (wanted: string): Truth => (action === UNKNOWN ? UNKNOWN : action === wanted);
  return { isolates: every([selected, is("Deny")]), opens: every([selected, isAdmin, is("Accept")]) };
}

function selectsAll(subject: Tree, namespace: NamespaceFacts): Truth {
  if (subject === UNKNOWN) return UNKNOWN;
  const namespaces = at(subject, "namespaces");
  if (namespaces !== undefined) return selectsByLabels(namespaces, namespace);
  const pods = at(subject, "pods");
  if (pods === undefined) return false;
  return every([
    selectsByLabels(at(pods, "namespaceSelector"), namespace),
    isEmptySelector(at(pods, "podSelector")),
  ]);
}

/** What the first rule does that takes everything; undefined where none does. */
function lastWord(rules: ReturnType<typeof asList>): ReturnType<typeof asText> {
  if (rules === UNKNOWN) return UNKNOWN;
  for (const rule of rules) {
    const takesAll = every([isEmptyList(at(rule, "protocols")), reachesAll(asList(at(rule, "to")))]);
    if (rule === UNKNOWN || takesAll === UNKNOWN) return UNKNOWN;
    if (takesAll) return asText(at(rule, "action"));
  }
  return undefined;
}

function reachesAll(peers: ReturnType<typeof asList>): Truth {
  if (peers === UNKNOWN) return UNKNOWN;
  const networks = peers.map((peer) => asList(at(peer, "networks")));
  return every(
    everywhere.map((range) =>
      some(
        networks.flatMap((list): Truth[] =>
          list === UNKNOWN ? [UNKNOWN] : list.map((one) => (one === UNKNOWN ? UNKNOWN : one === range)),
        ),
      ),
    ),
  );
}

const isEmptyList = (value: unknown): Truth => {
  const items = asList(value);
  return items === UNKNOWN ? UNKNOWN : items.length === 0;
};
