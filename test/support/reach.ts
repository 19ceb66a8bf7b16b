import assert from "node:assert/strict";
import { type End, judge, type PodGroup, readPolicies, type World } from "../../model/reachability/index.ts";
import type { Truth } from "../../model/verdict.ts";

/** A pod of namespace/app, which answers at http (TCP 80) and dns (UDP 53) unless told otherwise. */
export function pod(name: string, more: Partial<PodGroup> = {}): PodGroup {
  const [namespace = "", app = ""] = name.split("/");
  return {
    name,
    namespace,
    labels: { app },
    ports: [
      { name: "http", port: 80, protocol: "TCP" },
      { name: "dns", port: 53, protocol: "UDP" },
    ],
    ...more,
  };
}

export const pods = {
  a: pod("x/a"),
  b: pod("x/b"),
  bare: pod("x/bare", { labels: {} }),
  ya: pod("y/a"),
  yb: pod("y/b", { ports: [{ name: "http", port: 8080, protocol: "TCP" }], serviceAccount: "robot" }),
  host: pod("x/host", { hostNetwork: true }),
} as const;

const apiVersions: Record<string, string> = {
  NetworkPolicy: "networking.k8s.io/v1",
  CiliumNetworkPolicy: "cilium.io/v2",
  CiliumClusterwideNetworkPolicy: "cilium.io/v2",
  ClusterNetworkPolicy: "policy.networking.k8s.io/v1alpha2",
};

/** A world of those pods under policies of one kind, each given by its spec (or `specs`), in namespace x. */
export function worldUnder(kind: string, specs: readonly object[], more: Partial<World> = {}): World {
  const { policies, problems } = readPolicies(
    specs.map((spec, i) => ({
      apiVersion: apiVersions[kind],
      kind,
      metadata: { name: `p${i}`, namespace: "x" },
      ...("specs" in spec ? spec : { spec }),
    })),
  );
  assert.deepEqual(problems, []);
  return {
    namespaces: [
      { name: "x", labels: { team: "red" } },
      { name: "y", labels: { team: "blue" } },
    ],
    pods: Object.values(pods),
    policies,
    dialect: kind.startsWith("Cilium") ? "cilium" : "kubernetes",
    ...more,
  };
}

type Named = keyof typeof pods | "own-node" | "nodes" | "api-server" | "ingress";

/** `a -> b TCP 80`, where an end may be a pod, an entity, an address or a name. */
export function asks(world: World, question: string): Truth {
  const [from = "", , to = "", protocol = "TCP", port = "80"] = question.split(" ");
  const end = (text: string): End => {
    if (text in pods) return { pod: pods[text as keyof typeof pods] };
    if (["own-node", "nodes", "api-server", "ingress"].includes(text)) {
      return { entity: text as Exclude<Named, keyof typeof pods> };
    }
    return /^[\d.]+$|:/.test(text) ? { address: text } : { fqdn: text };
  };
  const connection = { from: end(from), to: end(to), protocol: protocol as "TCP", port: Number(port) };
  return judge(world, connection).allowed;
}

/** Holds questions against a world: those that pass, those that do not. */
export function expectReach(world: World, passes: readonly string[], denied: readonly string[]): void {
  assert.deepEqual(
    {
      passes: passes.filter((text) => asks(world, text) === true),
      denied: denied.filter((text) => asks(world, text) === false),
    },
    { passes, denied },
  );
}
