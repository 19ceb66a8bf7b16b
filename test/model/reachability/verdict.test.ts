import assert from "node:assert/strict";
import {
  type Connection,
  type End,
  judge,
  type PodGroup,
  readPolicies,
  type World,
} from "../../../model/reachability/index.ts";

const tcp = (name: string, port: number) => ({ name, port, protocol: "TCP" as const });
const pod = (namespace: string, app: string, more: Partial<PodGroup> = {}): PodGroup => ({
  name: `${namespace}/${app}`,
  namespace,
  labels: { app },
  ports: [tcp("http", 8080)],
  ...more,
});
const [gateway, backend, other] = [pod("shop", "gateway"), pod("shop", "backend"), pod("other", "gateway")];

function worldOf(specs: readonly object[], more: Partial<World> = {}): World {
  const { policies, problems } = readPolicies(
    specs.map((spec, i) => ({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: `p${i}`, namespace: "shop" },
      spec,
    })),
  );
  assert.deepEqual(problems, []);
  return {
    namespaces: [
      { name: "shop", labels: {} },
      { name: "other", labels: { team: "b" } },
    ],
    pods: [gateway, backend, other],
    policies,
    dialect: "kubernetes",
    ...more,
  };
}

const passes = (world: World, from: End, to: End, port = 8080, more: Partial<Connection> = {}) =>
  judge(world, { from, to, protocol: "TCP", port, ...more }).allowed;

describe("judge()", () => {
  const fromGateway = {
    podSelector: { matchLabels: { app: "backend" } },
    ingress: [{ from: [{ podSelector: { matchLabels: { app: "gateway" } } }], ports: [{ port: "http" }] }],
  };

  it("lets everything pass where no policy selects", () => {
    const world = worldOf([]);
    assert.equal(passes(world, { pod: other }, { pod: backend }), true);
    assert.equal(passes(world, { address: "8.8.8.8" }, { pod: backend }), true);
  });

  it("lets pass what a rule allows, and names it", () => {
    const world = worldOf([fromGateway]);
    const verdict = judge(world, {
      from: { pod: gateway },
      to: { pod: backend },
      protocol: "TCP",
      port: 8080,
    });
    assert.equal(verdict.allowed, true);
    assert.deepEqual(verdict.ingress.allowedBy, [
      { policy: "NetworkPolicy shop/p0", path: "spec.ingress[0]" },
    ]);
    assert.equal(verdict.egress.reason, "No policy isolates it for egress");
  });

  it("denies the rest of an isolated pod's traffic, and says who isolates it", () => {
    const world = worldOf([fromGateway]);
    assert.equal(passes(world, { pod: gateway }, { pod: backend }, 8081), false);
    const verdict = judge(world, { from: { pod: other }, to: { pod: backend }, protocol: "TCP", port: 8080 });
    assert.equal(verdict.allowed, false);
    assert.equal(
      verdict.ingress.reason,
      "NetworkPolicy shop/p0 isolates it for ingress, and no rule matches",
    );
  });

  it("lets a pod reach itself, but not another of its kind, and its node reach it", () => {
    const world = worldOf([{ podSelector: {} }]);
    assert.equal(passes(world, { pod: backend }, { pod: backend }), false);
    assert.equal(passes(world, { pod: backend }, { pod: backend }, 8080, { samePod: true }), true);
    assert.equal(passes(world, { entity: "own-node" }, { pod: backend }), true);
    assert.equal(passes(world, { entity: "nodes" }, { pod: backend }), false);
  });
});
