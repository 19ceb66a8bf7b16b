import assert from "node:assert/strict";
import { readPolicies, type World } from "../../../model/reachability/index.ts";
import { apiOf } from "../../support/control-plane.ts";
import { addressOf, at, create, peers, until } from "../../support/data-plane.ts";
import { attempt, networkOf, type Reached, surprises } from "../../support/reachability/attempts.ts";
import { useSharedPlane } from "../../support/shared-plane.ts";
import { note, onePod } from "../../support/traffic.ts";

/** The example twice: on one node, and on both. A stranger is in a namespace that nobody isolates. */
const places = [
  ["near", "api-gateway", "node-1"],
  ["near", "api-backend", "node-1"],
  ["near", "postgres", "node-1"],
  ["shop", "api-gateway", "node-1"],
  ["shop", "api-backend", "node-2"],
  ["shop", "postgres", "node-1"],
  ["lab", "stranger", "node-2"],
] as const;
const ports = { http: 8080, postgres: 5432 };

describe("the example application", function () {
  this.timeout("3 minutes");
  const plane = useSharedPlane();

  it("has healthy agents, with the baseline's values", async () => {
    for (const fact of [/KubeProxyReplacement:\s+True/, /Masquerading:\s+BPF/, /Hubble:\s+Ok/]) {
      await until(`${fact.source} on every node`, 20, async () => {
        const names = plane().dataPlane.state.nodes.map(({ name }) => name);
        const told = await Promise.all(names.map((name) => plane().dataPlane.agent(name, "status")));
        return told.every(({ stdout }) => fact.test(stdout));
      });
    }
  });

  it("passes what is declared and drops all else, as the evaluator says of the policies in the cluster", async function () {
    await create(plane(), { apiVersion: "v1", kind: "Namespace", metadata: { name: "lab" } });
    await create(
      plane(),
      ...places.map(([namespace, name, node]) => peers(namespace, name, ports, { node, protocol: "tcp" })),
    );
    const { world, pods } = await liveWorld();
    const attempts = pods.flatMap((from) =>
      pods
        .filter((to) => to !== from)
        .flatMap((to) => Object.values(ports).map((port) => attempt(world, from, to, ["TCP", port]))),
    );
    const declared = attempts.flatMap(({ passes, words }) => (passes === false ? [] : [words]));
    assert.deepEqual(declared, [
      "near/api-gateway → near/api-backend TCP 8080",
      "near/api-backend → near/postgres TCP 5432",
      "shop/api-gateway → shop/api-backend TCP 8080",
      "shop/api-backend → shop/postgres TCP 5432",
    ]);
    note(this, `${attempts.length} connections`);
    assert.deepEqual(await surprises(plane(), attempts), []);
  });

  /** What the evaluator is told of the three namespaces: all of it from the API server. */
  async function liveWorld(): Promise<{ readonly world: World; readonly pods: readonly Reached[] }> {
    const api = apiOf(plane().dataPlane);
    const { items } = await api.get<{ items: object[] }>("/apis/networking.k8s.io/v1/networkpolicies");
    api.close();
    // Items of a list do not say what they are.
    const { policies, problems } = readPolicies(
      items.map((item) => ({ ...item, apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" })),
    );
    assert.deepEqual(problems, []);
    const found = await Promise.all(places.map(([namespace, name]) => onePod(plane(), namespace, name)));
    const groups = found.map((pod, index) => ({
      name: (places[index] ?? []).slice(0, 2).join("/"),
      namespace: pod.metadata?.namespace ?? "",
      labels: pod.metadata?.labels ?? {},
      ports: Object.entries(ports).map(([name, port]) => ({ name, port, protocol: "TCP" as const })),
      addresses: [addressOf(pod)],
    }));
    const namespaces = (await plane().core.listNamespace()).items.map(({ metadata }) => ({
      name: metadata?.name ?? "",
      labels: metadata?.labels ?? {},
    }));
    return {
      world: { dialect: "cilium", namespaces, pods: groups, policies, network: networkOf(plane()) },
      pods: found.map((pod, index): Reached => {
        const group = groups[index] ?? assert.fail();
        return { name: group.name, ...at(pod), end: { pod: group }, address: addressOf(pod) };
      }),
    };
  }
});
