import type { Manifest } from "../../../sandbox/control-plane/manifest.ts";
import { planPolicies } from "../../../model/policies/plan-policies.ts";
import { policyManifest } from "../../../model/policies/manifest.ts";
import { readSettings } from "../../../model/settings.ts";
import { liveCluster } from "../live.ts";
import { minimal } from "../settings.ts";
import { type Random, random } from "./random.ts";

type Labels = Readonly<Record<string, string>>;

/** A pod that stays while applications come and go; its labels make it one of their workloads. */
export interface Place {
  readonly name: string;
  readonly namespace: string;
  readonly node: "node-1" | "node-2";
  /** The number behind its port `http`. */
  readonly http: number;
}

/** Four on the first node, and two of the same namespaces on the other one. */
export const places: readonly Place[] = [
  { name: "a", namespace: "gen-1", node: "node-1", http: 8080 },
  { name: "b", namespace: "gen-1", node: "node-1", http: 8081 },
  { name: "c", namespace: "gen-2", node: "node-1", http: 8080 },
  { name: "d", namespace: "gen-3", node: "node-1", http: 8081 },
  { name: "e", namespace: "gen-1", node: "node-2", http: 8081 },
  { name: "f", namespace: "gen-2", node: "node-2", http: 8080 },
];

/** The named ports of a place. It answers at 8080, 8081 and 9090 by TCP, and at 5353 and 5354 by UDP. */
export const namedPorts = ({ http }: Place) => ({
  http: { port: http, protocol: "TCP" as const },
  metrics: { port: 9090, protocol: "TCP" as const },
  query: { port: 5353, protocol: "UDP" as const },
});

/** Addresses outside of the cluster, both within 203.0.113.0/24. */
export const outside = { near: "203.0.113.1", far: "203.0.113.80" };

/** Who is what in an application, and its policies. */
export interface Application {
  readonly title: string;
  /** Whose connections are tried. */
  readonly places: readonly Place[];
  /** Labels of each place's pod, by its name. */
  readonly labels: ReadonlyMap<string, Labels>;
  readonly namespaces: ReadonlyMap<string, Labels>;
  readonly manifests: readonly Manifest[];
}

/** An application of its own for each seed: every other one on one node, every third with policies made by hand. */
export function application(
  seed: number,
  apiServer: { readonly host: string; readonly port: number },
): Application {
  const choose = random(seed);
  // An agent loads its eBPF anew for a pod that has other labels: it does so for every fifth application.
  const named = random(1000 + Math.floor(seed / 5));
  const nodes = seed % 2 === 0 ? 1 : 2;
  const own = places.filter(({ name, node }) => (nodes === 1 ? node === "node-1" : name !== "b"));
  const labels = new Map(
    places.map(({ name }, index) => [
      name,
      { "app.kubernetes.io/name": workloads[index] ?? name, tier: named.pick(["front", "back"]) },
    ]),
  );
  const namespaces = new Map(
    ["gen-1", "gen-2", "gen-3"].map((name) => [name, { team: named.pick(["red", "blue"]) }]),
  );
  const isByHand = seed % 3 === 0;
  const made = isByHand ? byHand(choose) : declared(choose, apiServer);
  // Names of its own: where an agent of 1.15 hears at once that a policy has gone and come, it keeps the rules of both.
  const manifests = made.map((one) => ({
    ...one,
    metadata: { ...one.metadata, name: `${one.metadata.name}-${seed}` },
  }));
  const title = `application ${seed}, ${isByHand ? "by hand" : "of flows"}, on ${nodes === 1 ? "one node" : "two nodes"}`;
  return { title, places: own, labels, namespaces, manifests };
}

const workloads = ["web", "api", "cache", "queue", "jobs", "store"];

/** What this program makes of flows of all kinds. Those that it refuses, as one that passes already, are left out. */
function declared(choose: Random, apiServer: { readonly host: string; readonly port: number }): Manifest[] {
  // Nobody's namespace: what stays there is isolated by nobody.
  const names = choose.percent(70) ? ["gen-1", "gen-2", "gen-3"] : ["gen-1", "gen-2"];
  const within = places.map((place, index) => ({ place, workload: workloads[index] ?? "" }));
  const workload = (): string => {
    const { place, workload: name } = choose.pick(
      within.filter(({ place: its }) => names.includes(its.namespace)),
    );
    return `${place.namespace}/${name}`;
  };
  const pods = (): string =>
    choose.percent(70) ? workload() : choose.pick(["*", ...names.map((name) => `${name}/*`)]);
  const addresses = (): unknown =>
    choose.pick<unknown>([
      "203.0.113.0/24",
      `${outside.far}/32`,
      { cidr: "203.0.113.0/24", except: [`${outside.near}/32`] },
      "internet",
    ]);
  const port = (): unknown =>
    choose.pick([8080, 8081, "9090", "8080-8081", "5353/UDP", "5353-5354/UDP", "any"]);
  const flow = (): object => {
    const kind = choose.upTo(100);
    if (kind < 12) return { from: pods(), to: addresses(), port: port() };
    if (kind < 18) return { from: pods(), to: "api-server" };
    const to = pods();
    const named = choose.percent(60) && !to.includes("*");
    return { from: pods(), to, port: named ? choose.pick(["http", "metrics", "query"]) : port() };
  };
  const settingsOf = (flows: readonly object[]) =>
    readSettings({
      ...minimal,
      cluster: { ...minimal.cluster, apiServer },
      cilium: { version: "1.15.19" },
      dns: { enabled: false },
      namespaces: names.map((name) => ({
        name,
        workloads: within
          .filter(({ place }) => place.namespace === name)
          .map(({ place, workload: its }) => ({ name: its, ports: namedPorts(place), service: "none" })),
        flows: name === "gen-1" ? flows : [],
      })),
    });
  const live = liveCluster({ namespaces: names.map((name) => ({ name })) as never });
  let [flows, made]: [object[], Manifest[]] = [[], []];
  for (const wanted of choose.list(8, 12, flow)) {
    const { settings } = settingsOf([...flows, wanted]);
    const plan = settings && planPolicies(settings, live);
    if (!plan || plan.problems.length > 0) continue;
    flows = [...flows, wanted];
    made = plan.policies.map((policy) => policyManifest(policy, {}));
  }
  return made;
}

/**
 * Policies as the agents of a data plane read them: before 1.16, Cilium takes the first port of a range alone,
 * which is why this program refuses ranges for it.
 */
export const asRead = (manifests: readonly Manifest[]): readonly unknown[] =>
  JSON.parse(
    JSON.stringify(manifests, (key, value: unknown) => (key === "endPort" ? undefined : value)),
  ) as unknown[];

/** NetworkPolicies as people write them, with all that this program does not need. */
function byHand(choose: Random): Manifest[] {
  const requirement = (): object =>
    choose.pick<object>([
      { key: "tier", operator: "In", values: ["front"] },
      { key: "tier", operator: "NotIn", values: ["front"] },
      { key: "app.kubernetes.io/name", operator: "In", values: choose.some(workloads, 3).concat("web") },
      { key: "tier", operator: "Exists" },
      { key: "nobody/has-it", operator: "DoesNotExist" },
    ]);
  const podSelector = (): object =>
    choose.pick<() => object>([
      () => ({}),
      () => ({ matchLabels: { tier: choose.pick(["front", "back"]) } }),
      () => ({ matchLabels: { "app.kubernetes.io/name": choose.pick(workloads) } }),
      () => ({ matchExpressions: [requirement()] }),
    ])();
  const namespaceSelector = (): object =>
    choose.pick<() => object>([
      () => ({}),
      () => ({ matchLabels: { team: choose.pick(["red", "blue"]) } }),
      () => ({ matchExpressions: [{ key: "team", operator: "NotIn", values: ["red"] }] }),
      () => ({ matchLabels: { "kubernetes.io/metadata.name": choose.pick(["gen-1", "gen-2", "gen-3"]) } }),
    ])();
  const peer = (): object =>
    choose.pick<() => object>([
      () => ({ podSelector: podSelector() }),
      () => ({ namespaceSelector: namespaceSelector() }),
      () => ({ namespaceSelector: namespaceSelector(), podSelector: podSelector() }),
      () => ({ ipBlock: { cidr: "203.0.113.0/24" } }),
      () => ({ ipBlock: { cidr: "0.0.0.0/0", except: [`${choose.pick(Object.values(outside))}/32`] } }),
    ])();
  const port = (): object =>
    choose.pick<object>([
      { port: 8080 },
      { port: "http" },
      { port: "metrics", protocol: "TCP" },
      { port: 8080, endPort: 8081, protocol: "TCP" },
      { port: 5353, endPort: 5354, protocol: "UDP" },
      { port: "query", protocol: "UDP" },
      { protocol: "UDP" },
      { protocol: "TCP" },
    ]);
  const rule = (key: "from" | "to"): object => ({
    ...(choose.percent(85) && { [key]: choose.list(1, 2, peer) }),
    ...(choose.percent(75) && { ports: choose.list(1, 2, port) }),
  });
  const rules = (key: "from" | "to"): object[] => choose.list(1, 3, () => rule(key));
  return Array.from({ length: 5 + choose.upTo(3) }, (_, index) => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: {
      name: `by-hand-${index}`,
      namespace: choose.pick(["gen-1", "gen-1", "gen-2", "gen-2", "gen-3"]),
    },
    spec: {
      podSelector: podSelector(),
      ...choose.pick<() => object>([
        () => ({ policyTypes: ["Ingress"], ingress: rules("from") }),
        () => ({ policyTypes: ["Egress"], egress: rules("to") }),
        () => ({ policyTypes: ["Ingress", "Egress"], ingress: rules("from"), egress: rules("to") }),
        // The types follow from what is there: ingress always does.
        () => ({ ingress: rules("from") }),
        () => ({ egress: rules("to") }),
      ])(),
    },
  }));
}
