import type { Settings } from "../settings.ts";
import { clusterPolicyName, clusterPolicySpec } from "./cluster-network-policy.ts";
import { usesClusterPolicy } from "./cluster-policy-problems.ts";
import { becauseOf } from "./because.ts";
import { ciliumSpec, dnsRules, namespaceLabel } from "./cilium.ts";
import { isOnCilium, isRich, needsCilium } from "./dialect.ts";
import { type PolicyFacts, policyFacts } from "./facts.ts";
import type { Flow } from "./flow.ts";
import { kubernetesSpec } from "./kubernetes.ts";
import type { policyStages } from "./policy-stages.ts";
import { type Direction, rulesOf, type Sides, sidesOf } from "./sides.ts";

export type PolicyKind =
  "NetworkPolicy" | "CiliumNetworkPolicy" | "CiliumClusterwideNetworkPolicy" | "ClusterNetworkPolicy";

/** A policy before it becomes a resource. */
export interface Policy {
  readonly kind: PolicyKind;
  /** Absent for kinds that are the cluster's. */
  readonly namespace?: string;
  readonly name: string;
  /** When it comes. */
  readonly stage: (typeof policyStages)[number];
  /** The workload whose flows it holds; absent where it selects every pod. */
  readonly workload?: string;
  /** Why it exists, for the object's annotation and the report. */
  readonly because: string;
  readonly spec: object;
}

/** Name of what denies by default, in a namespace or in the whole cluster. */
export const denyPolicyName = "default-deny-all";
const dnsPolicyName = "allow-dns";
const allPodsPolicyName = "allow-all-pods";

const deniesBecause =
  "Every pod is isolated in both directions; only what another policy allows passes, and probes of the pod's own node";
const dnsBecause = "Every pod resolves names at the cluster's DNS, by UDP and by TCP";

/** What all policies of a stack are written by. */
interface Context {
  readonly settings: Settings;
  readonly facts: PolicyFacts;
  /** All objects are Cilium's. */
  readonly isCilium: boolean;
  /** Those are that a NetworkPolicy cannot say. */
  readonly mayCilium: boolean;
  readonly declared: ReadonlySet<string>;
}

/**
 * The policies of all namespaces: default-deny both ways, DNS by UDP and TCP, and for
 * each workload with flows one policy that holds its side of each of them. A flow needs
 * both sides: egress where it starts and ingress where it ends.
 */
export function networkPolicies(
  settings: Settings,
  flows: readonly Flow[],
  facts: PolicyFacts = policyFacts(settings),
): Policy[] {
  const names = settings.namespaces.map(({ name }) => name).sort();
  const context: Context = {
    settings,
    facts,
    isCilium: settings.policies.dialect === "cilium",
    mayCilium: isOnCilium(settings),
    declared: new Set(names),
  };
  const sides = sidesOf(names, flows);
  const baseline = names.length > 0 ? settings.policies.baseline : "namespaces";
  const isWide = baseline === "cluster-wide";
  return [
    ...names.flatMap((name) => {
      const { everyPod, workloads = [] } = sides.get(name) ?? {};
      return [
        ...(baseline === "namespaces" ? [dnsPolicy(name, context)] : []),
        ...(everyPod ? [flowPolicy(everyPod, undefined, context)] : []),
        ...workloads.map((workload) => flowPolicy(workload, everyPod, context)),
        ...(isWide ? [] : [denyPolicy(name, context)]),
      ];
    }),
    ...(isWide ? [clusterWidePolicy(names, context)] : []),
    ...(baseline === "cluster-network-policy" ? [clusterNetworkPolicy(names, context)] : []),
  ];
}

/**
 * A workload's flows, or those of every pod. It isolates its pods before the namespace's other policies are
 * there, so it holds all that they may in a direction: DNS, too, and what every pod may.
 */
function flowPolicy(sides: Sides, everyPod: Sides | undefined, context: Context): Policy {
  const { namespace, workload } = sides;
  const all = (direction: Direction): Flow[] =>
    sides[direction].length > 0 ? [...sides[direction], ...(everyPod?.[direction] ?? [])] : [];
  const own = { ingress: all("ingress"), egress: all("egress") };
  const flows = [...own.ingress, ...own.egress];
  const { facts, settings } = context;
  // NodeLocal DNSCache answers on the host, which a range of addresses never is for Cilium.
  const isNodeLocal = own.egress.length > 0 && facts.nodeLocalDns.length > 0;
  const asCilium = context.isCilium || (context.mayCilium && (isNodeLocal || flows.some(needsCilium)));
  const rules = Object.fromEntries(
    (["ingress", "egress"] as const)
      .filter((direction) => own[direction].length > 0)
      .map((direction) => [
        direction,
        // Where the answering end has a policy of ours, that one reads requests: once is enough.
        rulesOf(own[direction], direction, (flow) => direction === "ingress" || !answersHere(flow, context)),
      ]),
  );
  const { nodeCidr } = settings.cluster;
  return {
    kind: asCilium ? "CiliumNetworkPolicy" : "NetworkPolicy",
    namespace,
    name: workload?.workload === undefined ? allPodsPolicyName : `allow-${workload.workload}`,
    stage: workload ? "workload" : "all-pods",
    ...(workload?.workload !== undefined && { workload: workload.workload }),
    because: becauseOf(sides, everyPod),
    spec: asCilium
      ? ciliumSpec(sides, rules, facts, true)
      : kubernetesSpec(sides, rules, { facts, nodeCidr }, true),
  };
}

const answersHere = ({ to }: Flow, { declared }: Context): boolean =>
  to.kind === "pods" && to.namespace !== undefined && declared.has(to.namespace);

function dnsPolicy(namespace: string, { facts, settings, isCilium, mayCilium }: Context): Policy {
  const asCilium = isCilium || (mayCilium && facts.nodeLocalDns.length > 0);
  const { nodeCidr } = settings.cluster;
  return {
    kind: asCilium ? "CiliumNetworkPolicy" : "NetworkPolicy",
    namespace,
    name: dnsPolicyName,
    stage: "dns",
    because: dnsBecause,
    spec: asCilium
      ? ciliumSpec({}, { egress: [] }, facts, true)
      : kubernetesSpec({}, { egress: [] }, { facts, nodeCidr }, true),
  };
}

function denyPolicy(namespace: string, context: Context): Policy {
  const { isCilium, settings } = context;
  if (usesClusterPolicy(settings)) return denyIngressPolicy(namespace, context);
  return {
    kind: isCilium ? "CiliumNetworkPolicy" : "NetworkPolicy",
    namespace,
    name: denyPolicyName,
    stage: "deny",
    because: deniesBecause,
    spec: isCilium
      ? { endpointSelector: {}, ...isolating(settings), ingress: [{}], egress: [{}] }
      : { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  };
}

/** What a ClusterNetworkPolicy cannot say. */
function denyIngressPolicy(namespace: string, { isCilium, settings }: Context): Policy {
  return {
    kind: isCilium ? "CiliumNetworkPolicy" : "NetworkPolicy",
    namespace,
    name: denyPolicyName,
    stage: "deny",
    because: `Nothing reaches a pod but what another policy allows, and probes of its own node; what pods may send is denied by ${clusterPolicyName}`,
    spec: isCilium
      ? {
          endpointSelector: {},
          ...(isRich(settings.cilium) && { enableDefaultDeny: { ingress: true, egress: false } }),
          ingress: [{}],
        }
      : { podSelector: {}, policyTypes: ["Ingress"] },
  };
}

function clusterNetworkPolicy(names: readonly string[], { facts }: Context): Policy {
  return {
    kind: "ClusterNetworkPolicy",
    name: clusterPolicyName,
    stage: "deny",
    because: `Pods send nothing but what a policy of their namespace allows. ${dnsBecause}. One policy for ${names.length} namespaces`,
    spec: clusterPolicySpec(names, facts.nodeLocalDns),
  };
}

/** Says what an allow with an empty rule does anyway: never `ingressDeny`, which no allow can undo. */
const isolating = ({ cilium }: Settings): object =>
  isRich(cilium) ? { enableDefaultDeny: { ingress: true, egress: true } } : {};

/** Default-deny and DNS of all namespaces in one. */
function clusterWidePolicy(names: readonly string[], { facts, settings }: Context): Policy {
  return {
    kind: "CiliumClusterwideNetworkPolicy",
    name: denyPolicyName,
    stage: "deny",
    because: `${deniesBecause}. ${dnsBecause}. One policy for ${names.length} namespaces`,
    spec: {
      endpointSelector: { matchExpressions: [{ key: namespaceLabel, operator: "In", values: names }] },
      ...isolating(settings),
      ingress: [{}],
      egress: dnsRules(facts, false),
    },
  };
}
