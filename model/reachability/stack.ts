import { type LiveCluster, ownLabels, stackLabel } from "../live.ts";
import { type Flow, type Peer, portText } from "../policies/flow.ts";
import { policyManifest } from "../policies/manifest.ts";
import { carriesSctp, cidrsMatchNodes, isOnCilium } from "../policies/dialect.ts";
import type { PolicyPlan } from "../policies/plan-policies.ts";
import type { Policy } from "../policies/policies.ts";
import { policyStages } from "../policies/policy-stages.ts";
import type { Problem } from "../problem.ts";
import { workloadsOf } from "../policies/workloads.ts";
import type { Settings } from "../settings.ts";
import type { Intent } from "./intent.ts";
import { type Proof, prove, provePassage } from "./proof.ts";
import { readPolicies } from "./read-policies.ts";
import type { Labels, PodGroup, World } from "./world.ts";

/** What policies were made from, and came of it. */
type Planned = Omit<PolicyPlan, "problems">;

type LiveFacts = Pick<LiveCluster, "namespaces" | "policyObjects">;

const nodeLocalPods = {
  kind: "pods",
  namespace: "kube-system",
  labels: { "k8s-app": "node-local-dns" },
} as const satisfies Peer;
const dns = { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } } as const;

/**
 * Proves that a stack's policies, among those that are there already, let pass what the settings declare and
 * nothing else. What policies of others open in the stack's namespaces is a warning, what they cut a problem.
 * @param stack - value of the stack label
 */
export function provePolicies(settings: Settings, plan: Planned, live: LiveFacts, stack: string): Proof {
  const intent = intentOf(settings, plan);
  const { world, problems } = worldOf(settings, plan, live, stack, intent);
  const proof = prove(intent, world, ({ labels }) => labels[stackLabel] !== stack);
  const rollout = proof.problems.length > 0 ? [] : rolloutProblems(intent, world, plan.policies);
  return {
    problems: [...proof.problems, ...rollout],
    // What is not understood stays open in the proof; it is named here.
    warnings: [...proof.warnings, ...problems],
  };
}

/**
 * Policies come in stages, and an update may end between two: what is there then may leave open what will be
 * denied, but denies nothing that is declared.
 */
function rolloutProblems(intent: Intent, world: World, policies: readonly Policy[]): Problem[] {
  const used = policyStages.filter((stage) => policies.some((policy) => policy.stage === stage));
  for (const [i, stage] of used.slice(0, -1).entries()) {
    const later = new Set(
      policies.filter((policy) => used.indexOf(policy.stage) > i).map((policy) => titleOf(policy)),
    );
    const there = world.policies.filter((policy) => !later.has(titleOf(policy)));
    const problems = provePassage(intent, { ...world, policies: there });
    if (problems.length > 0) {
      return problems.map(({ message, ...rest }) => ({
        ...rest,
        message: `While the policies of stage ${stage} are there and the next are not: ${message}`,
      }));
    }
  }
  return [];
}

const titleOf = ({ kind, namespace, name }: Pick<Policy, "kind" | "namespace" | "name">): string =>
  `${kind} ${namespace ?? ""}/${name}`;

/** What the settings mean: their flows, and DNS for every pod. */
export function intentOf(settings: Settings, { flows, facts: { nodeLocalDns } }: Planned): Intent {
  const namespaces = settings.namespaces
    .map(({ name, stage }, i) => ({ name, stage, path: `namespaces[${i}]` }))
    .filter(({ stage }) => stage !== "observe");
  const toDns = (to: Peer, says: string): Flow[] =>
    namespaces.flatMap(({ name, path }) =>
      (["UDP", "TCP"] as const).map((protocol) => {
        const port = { protocol, port: 53 };
        const from: Peer = { kind: "pods", namespace: name, labels: {} };
        return { from, to, port, path, text: `${name}/* → ${says} ${portText(port)}` };
      }),
    );
  // Cilium's three ways to it: a pod by a local redirect, the host, and an address until that is known as the host's.
  const nodeLocal: Peer[] = [
    ...nodeLocalDns.map((cidr) => ({ kind: "cidr" as const, cidr, except: [] })),
    ...(isOnCilium(settings) && nodeLocalDns.length > 0
      ? [nodeLocalPods, { kind: "entity" as const, entity: "nodes" as const }]
      : []),
  ];
  return {
    namespaces,
    flows: [
      ...flows,
      ...toDns({ kind: "pods", ...dns }, "the cluster's DNS"),
      ...nodeLocal.flatMap((peer) => toDns(peer, "NodeLocal DNS")),
    ],
  };
}

/** The cluster as it will be: what is declared, what flows speak of beside it, and the policies. */
export function worldOf(
  settings: Settings,
  plan: Planned,
  live: LiveFacts,
  stack: string,
  { flows }: Intent = intentOf(settings, plan),
): { world: World; problems: Proof["warnings"] } {
  const { cluster, cilium } = settings;
  const isCilium = isOnCilium(settings);
  const planned = readPolicies(plan.policies.map((policy) => policyManifest(policy, ownLabels(stack))));
  const others = readPolicies(policiesOfOthers(settings, live, stack));
  return {
    world: {
      namespaces: namespacesOf(settings, live),
      pods: podsOf(settings, flows),
      policies: [...planned.policies, ...others.policies],
      dialect: isCilium ? "cilium" : "kubernetes",
      network: {
        podCidrs: [cluster.podCidr],
        serviceCidrs: [cluster.serviceCidr],
        nodeAddresses: cluster.nodeCidr === undefined ? [] : [cluster.nodeCidr],
        apiServerAddresses: plan.facts.apiServer.addresses,
      },
      sctp: !isCilium || carriesSctp(cilium),
      cidrsMatchNodes: cidrsMatchNodes(cilium),
    },
    problems: [...planned.problems, ...others.problems],
  };
}

function namespacesOf({ namespaces }: Settings, live: LiveFacts): World["namespaces"] {
  const known = new Map<string, Labels>(namespaces.map(({ name }) => [name, {}]));
  for (const { name, labels } of live.namespaces) known.set(name, labels);
  return [...known].map(([name, labels]) => ({ name, labels }));
}

function podsOf({ namespaces }: Settings, flows: readonly Flow[]): PodGroup[] {
  const declared = new Set(namespaces.map(({ name }) => name));
  const pods = [...workloadsOf(namespaces).values()].map(({ endpoint, ports }): PodGroup => {
    const { namespace, workload, labels, serviceAccount } = endpoint;
    return {
      name: `${namespace}/${workload}`,
      namespace,
      labels,
      ports,
      ...(serviceAccount && { serviceAccount }),
    };
  });
  const ports = (["UDP", "TCP"] as const).map((protocol) => ({ port: 53, protocol }));
  const others = new Map<string, PodGroup>([["dns", { name: "the cluster's DNS", ...dns, ports }]]);
  for (const end of flows.flatMap(({ from, to }) => [from, to])) {
    if (end.kind !== "pods" || end.namespace === undefined) continue;
    if (declared.has(end.namespace) && end !== nodeLocalPods) continue;
    const { namespace, labels } = end;
    const said = Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join();
    // Of pods that are not ours nobody says whether they are there: they are taken at the flow's word.
    if (said !== "" && end.labels !== dns.labels)
      others.set(`${namespace}/${said}`, { name: `${namespace}/${said}`, namespace, labels, ports: [] });
  }
  return [...pods, ...others.values()];
}

/**
 * What others have put into the declared namespaces, or over the whole cluster. Those of other namespaces are
 * about pods whose labels nobody here knows; ours become what the plan says, or go.
 */
function policiesOfOthers(
  { namespaces }: Settings,
  { policyObjects = [] }: LiveFacts,
  stack: string,
): unknown[] {
  const declared = new Set(namespaces.map(({ name }) => name));
  return policyObjects.filter((object) => {
    const { metadata } = object as { metadata?: { namespace?: string; labels?: Labels } };
    const namespace = metadata?.namespace;
    return metadata?.labels?.[stackLabel] !== stack && (namespace === undefined || declared.has(namespace));
  });
}
