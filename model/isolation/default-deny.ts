import type { Problem } from "../problem.ts";
import { every, not, some, UNKNOWN, type Doubt, type Truth, type Unknown, type Verdict } from "../verdict.ts";
import { DIRECTIONS, type Direction, type Effect } from "./effects.ts";
import type { NamespaceFacts } from "./selector.ts";

/** A policy of either dialect, as this judgement sees it. */
export interface IsolationPolicy {
  /** For messages: `NetworkPolicy shop/default-deny-all`. */
  readonly where: string;
  readonly reach: Reach;
  readonly effect: (direction: Direction, namespace: NamespaceFacts) => Effect;
}

/** The namespaces whose pods a policy can select. */
export type Reach =
  | { readonly kind: "cluster" }
  | { readonly kind: "namespace"; readonly name: string }
  /** Not known yet: one of the candidates, or any when there are none. */
  | { readonly kind: Unknown; readonly candidates: readonly string[] };

/** A namespace that needs a default-deny. */
export interface JudgedNamespace extends NamespaceFacts {
  /** For messages: `Namespace shop`. */
  readonly where: string;
}

/**
 * Whether every namespace denies by default, in both directions. It does for a direction
 * when, of the policies that select *every* pod of it,
 *
 * 1. at least one isolates for that direction, and
 * 2. none allows everything in that direction: policies add up, so that would undo it.
 *
 * Policies that select only some pods do not count: the next pod may have other labels.
 * A policy whose namespace is not known yet can serve one namespace at most, so it puts
 * in doubt no more than one of those that lack a default-deny.
 * @param policies - all policies of the namespaces' cluster
 */
export function judgeDefaultDeny(
  namespaces: readonly JudgedNamespace[],
  policies: readonly IsolationPolicy[],
): Verdict {
  const problems: Problem[] = [];
  const unknowns: Doubt[] = [];
  const missing = new Map<JudgedNamespace, Direction[]>();
  const reaching = policiesByNamespace(policies);
  for (const direction of DIRECTIONS) {
    const lacking: JudgedNamespace[] = [];
    for (const namespace of namespaces) {
      const { denied, doubtful, undoneBy } = stateOf(namespace, reaching(namespace), direction);
      if (denied === UNKNOWN) unknowns.push(doubt(namespace, direction, doubtful));
      else if (!denied && undoneBy) problems.push(undone(namespace, direction, undoneBy));
      else if (!denied) lacking.push(namespace);
    }
    const floating = policies.filter((policy) => floats(policy, direction));
    if (floating.length === 0) {
      for (const namespace of lacking) missing.set(namespace, [...(missing.get(namespace) ?? []), direction]);
    } else if (floating.length >= lacking.length) {
      unknowns.push(...lacking.map((namespace) => doubt(namespace, direction, floating)));
    } else problems.push(someLack(lacking, direction, floating));
  }
  problems.push(
    ...[...missing].map(([namespace, directions]) => lacks(namespace, directions, reaching(namespace))),
  );
  return { problems, unknowns };
}

interface State {
  readonly denied: Truth;
  /** The policies on which it depends. */
  readonly doubtful: readonly IsolationPolicy[];
  readonly undoneBy?: IsolationPolicy | undefined;
}

function stateOf(
  namespace: JudgedNamespace,
  policies: readonly IsolationPolicy[],
  direction: Direction,
): State {
  const effects = policies.map((policy): Effect & { policy: IsolationPolicy } => {
    const { isolates, opens } = policy.effect(direction, namespace);
    // What cannot be told to be this namespace's can only be a doubt.
    const here: Truth = policy.reach.kind === UNKNOWN ? UNKNOWN : true;
    return { policy, isolates: every([here, isolates]), opens: every([here, opens]) };
  });
  const open = some(effects.map(({ opens }) => opens));
  return {
    denied: every([some(effects.map(({ isolates }) => isolates)), not(open)]),
    doubtful: effects.filter((e) => e.isolates === UNKNOWN || e.opens === UNKNOWN).map((e) => e.policy),
    undoneBy: effects.find(({ opens }) => opens === true)?.policy,
  };
}

/** The policies that reach a namespace, or may: found once for all namespaces of a large stack. */
function policiesByNamespace(
  policies: readonly IsolationPolicy[],
): (namespace: JudgedNamespace) => readonly IsolationPolicy[] {
  const everywhere: IsolationPolicy[] = [];
  const byName = new Map<string, IsolationPolicy[]>();
  for (const policy of policies) {
    const { reach } = policy;
    const names =
      reach.kind === "namespace" ? [reach.name] : reach.kind === UNKNOWN ? new Set(reach.candidates) : [];
    if (reach.kind === "cluster") everywhere.push(policy);
    for (const name of names) {
      const others = byName.get(name);
      if (others) others.push(policy);
      else byName.set(name, [policy]);
    }
  }
  return ({ name }) => [...everywhere, ...(byName.get(name) ?? [])];
}

/** A default-deny of some namespace, nobody can tell which. */
function floats({ reach, effect }: IsolationPolicy, direction: Direction): boolean {
  if (reach.kind !== UNKNOWN || reach.candidates.length > 0) return false;
  return effect(direction, { name: "", labels: UNKNOWN }).isolates !== false;
}

function lacks(
  namespace: JudgedNamespace,
  directions: readonly Direction[],
  policies: readonly IsolationPolicy[],
): Problem {
  const almost = policies.find(
    (policy) =>
      policy.reach.kind !== UNKNOWN &&
      DIRECTIONS.some((direction) => policy.effect(direction, namespace).isolates === true),
  );
  const note = almost ? ` (${almost.where} isolates for ${otherThan(directions)} only)` : "";
  return {
    path: namespace.where,
    message: `No policy denies ${directions.join(" and ")} by default: none selects every pod and isolates it${note}`,
    remedy: `add this policy, and one for each flow that shall pass\n${defaultDenyYaml(namespace.name, directions)}`,
  };
}

const otherThan = (directions: readonly Direction[]): string =>
  DIRECTIONS.filter((direction) => !directions.includes(direction)).join(" and ");

function undone({ where }: JudgedNamespace, direction: Direction, policy: IsolationPolicy): Problem {
  const way = direction === "ingress" ? "from everywhere" : "to everywhere";
  return {
    path: where,
    message: `${policy.where} allows every pod all ${direction} ${way}, so nothing is denied by default`,
    remedy: "remove that rule, or give it the peers and ports that are meant",
  };
}

function someLack(
  lacking: readonly JudgedNamespace[],
  direction: Direction,
  floating: readonly IsolationPolicy[],
): Problem {
  return {
    path: `Namespaces ${lacking.map(({ name }) => name).join(", ")}`,
    message: `At least ${lacking.length - floating.length} of them lack a policy that denies ${direction} by default: the namespace of ${names(floating)} is not known yet, and a policy serves one namespace only`,
    remedy:
      "give each of them a NetworkPolicy with an empty podSelector, and write its namespace as plain text",
  };
}

function doubt(
  { where }: JudgedNamespace,
  direction: Direction,
  policies: readonly IsolationPolicy[],
): Doubt {
  return {
    path: where,
    reason: `Whether it denies ${direction} by default depends on ${names(policies)}, which is not fully known yet`,
  };
}

const names = (policies: readonly IsolationPolicy[]): string => policies.map(({ where }) => where).join(", ");

/** A ready default-deny for the directions, as a manifest. */
export function defaultDenyYaml(namespace: string, directions: readonly Direction[]): string {
  const types = directions.map((direction) => (direction === "ingress" ? "Ingress" : "Egress"));
  return [
    "apiVersion: networking.k8s.io/v1",
    "kind: NetworkPolicy",
    "metadata:",
    `  name: default-deny-${directions.length === DIRECTIONS.length ? "all" : directions.join("-")}`,
    `  namespace: ${namespace}`,
    "spec:",
    "  podSelector: {}",
    `  policyTypes: [${types.join(", ")}]`,
  ].join("\n");
}
