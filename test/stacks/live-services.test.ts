import assert from "node:assert/strict";
import type { ClusterReader } from "../../components/cluster-reader.ts";
import { stackLabel } from "../../model/live.ts";
import { readServices } from "../../stacks/live-services.ts";

const stack = "cluster-network.test";
const objects = [
  { metadata: { namespace: "shop", name: "ours", labels: { [stackLabel]: stack } } },
  { metadata: { namespace: "shop", name: "theirs" } },
  { metadata: { namespace: "shop", name: "unnamed" } },
];
const spec = {
  type: "ClusterIP",
  clusterIP: "None",
  selector: { app: "theirs" },
  ports: [{ name: "http", port: 80, targetPort: "http", protocol: "TCP" }],
};

/** A cluster with these Services, and every path that is asked for. */
function reader(): { cluster: ClusterReader; asked: string[] } {
  const asked: string[] = [];
  const cluster: ClusterReader = {
    server: "",
    get: <T>(path: string) => {
      asked.push(path);
      const found = objects.find(({ metadata }) => path.endsWith(`/${metadata.name}`));
      return Promise.resolve((found && { ...found, spec }) as T | undefined);
    },
    list: (path) => {
      asked.push(path);
      return Promise.resolve(objects);
    },
  };
  return { cluster, asked };
}
const inShop = (...names: string[]) => names.map((name) => ({ namespace: "shop", name }));

describe("readServices()", () => {
  it("reads what has a planned name, in full where it is not of the stack", async () => {
    const { cluster, asked } = reader();
    assert.deepEqual(await readServices(cluster, inShop("ours", "theirs", "new"), stack), [
      { namespace: "shop", name: "ours", labels: { [stackLabel]: stack } },
      {
        namespace: "shop",
        name: "theirs",
        labels: {},
        type: "ClusterIP",
        headless: true,
        selector: { app: "theirs" },
        ports: [{ port: 80, targetPort: "http", protocol: "TCP" }],
      },
    ]);
    assert.deepEqual(asked, ["/api/v1/namespaces/shop/services", "/api/v1/namespaces/shop/services/theirs"]);
  });

  it("asks for nothing where no Service is planned", async () => {
    const { cluster, asked } = reader();
    assert.deepEqual(await readServices(cluster, [], stack), []);
    assert.deepEqual(asked, []);
  });

  it("asks once where there are many namespaces", async () => {
    const { cluster, asked } = reader();
    const planned = Array.from({ length: 11 }, (_, i) => ({ namespace: `ns-${i}`, name: "ours" }));
    await readServices(cluster, planned, stack);
    assert.deepEqual(asked, ["/api/v1/services"]);
  });
});
