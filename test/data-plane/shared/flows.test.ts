import assert from "node:assert/strict";
import { addressOf, at, create, peers, readyPods, until } from "../../support/data-plane.ts";
import { useSharedPlane } from "../../support/shared-plane.ts";

describe("the agents", function () {
  this.timeout("3 minutes");
  const plane = useSharedPlane();

  it("are healthy, with the baseline's values", async () => {
    for (const fact of [/KubeProxyReplacement:\s+True/, /Masquerading:\s+BPF/, /Hubble:\s+Ok/]) {
      await until(`${fact.source} on every node`, 20, async () => {
        const names = plane().dataPlane.state.nodes.map(({ name }) => name);
        const told = await Promise.all(names.map((name) => plane().dataPlane.agent(name, "status")));
        return told.every(({ stdout }) => fact.test(stdout));
      });
    }
  });
});

for (const [nodes, namespace] of [
  [1, "near"],
  [2, "shop"],
] as const) {
  describe(`declared flows on ${nodes === 1 ? "one node" : "two nodes"}`, function () {
    this.timeout("3 minutes");
    const plane = useSharedPlane();
    const node = (index: number): string => `node-${Math.min(index, nodes)}`;

    it("pass, and drops what is not", async () => {
      await create(
        plane(),
        peers(namespace, "api-gateway", { http: 8080 }, { node: node(1) }),
        peers(namespace, "api-backend", { http: 8080 }, { node: node(2) }),
        peers(namespace, "postgres", { postgres: 5432 }, { node: node(1), protocol: "tcp" }),
      );
      const [gateway, backend, postgres] = await Promise.all(
        ["api-gateway", "api-backend", "postgres"].map(
          async (name) => (await readyPods(plane(), namespace, name))[0],
        ),
      );
      assert.ok(gateway && backend && postgres);
      const ends = { gateway, backend, postgres };
      const measure = async (): Promise<Record<string, string>> => {
        const seen: Record<string, string> = {};
        for (const [from, pod] of Object.entries(ends)) {
          const others = Object.entries(ends).filter(([name]) => name !== from);
          const targets = others.map(
            ([name, other]) => `tcp:${addressOf(other)}:${name === "postgres" ? 5432 : 8080}`,
          );
          const results = await plane().dataPlane.probe(at(pod), targets, 2);
          for (const [index, { outcome }] of results.entries())
            seen[`${from} → ${others[index]?.[0]}`] = outcome;
        }
        return seen;
      };
      // A node learns of a new pod on another one a moment after it is ready there.
      await until("the declared flows to pass", 30, async () =>
        Object.values(await measure()).includes("open"),
      );
      assert.deepEqual(await measure(), {
        "gateway → backend": "open",
        "gateway → postgres": "timeout",
        "backend → gateway": "timeout",
        "backend → postgres": "open",
        "postgres → gateway": "timeout",
        "postgres → backend": "timeout",
      });
    });
  });
}
