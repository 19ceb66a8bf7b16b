import assert from "node:assert/strict";
import type { ClusterReader } from "../../components/cluster-reader.ts";
import { stackLabel } from "../../model/live.ts";
import { bundleLabel } from "../../model/policies/bundle.ts";
import { readServices } from "../../stacks/live-services.ts";
import { settingsOf } from "../support/settings.ts";

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
const settings = settingsOf({});
const inShop = (...names: string[]) => names.map((name) => ({ namespace: "shop", name }));

describe("readServices()", () => {
  it("reads what has a planned name, in full where it is not of the stack", async () => {
    const { cluster, asked } = reader();
    assert.deepEqual(await readServices(cluster, inShop("ours", "theirs", "new"), settings, stack), {
      bundledServices: undefined,
      services: [
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
      ],
    });
    assert.deepEqual(asked, ["/api/v1/namespaces/shop/services", "/api/v1/namespaces/shop/services/theirs"]);
  });

  it("asks for nothing where no Service is planned", async () => {
    const { cluster, asked } = reader();
    assert.deepEqual(await readServices(cluster, [], settings, stack), { services: [] });
    assert.deepEqual(asked, []);
  });

  it("asks once where there are many namespaces", async () => {
    const { cluster, asked } = reader();
    const planned = Array.from({ length: 11 }, (_, i) => ({ namespace: `ns-${i}`, name: "ours" }));
    await readServices(cluster, planned, settings, stack);
    assert.deepEqual(asked, ["/api/v1/services"]);
  });

  it("reads one list of all with bundles, and names those that are in one", async () => {
    const labels = { [stackLabel]: stack, [bundleLabel]: "1-of-4" };
    const inBundle = { metadata: { namespace: "shop", name: "packed", labels } };
    const asked: string[] = [];
    const cluster: ClusterReader = {
      server: "",
      get: <T>(path: string) => {
        asked.push(path);
        const items = [...objects, inBundle].map((one) => ({ ...one, spec }));
        return Promise.resolve({ metadata: { resourceVersion: "9" }, items } as T);
      },
      list: (path) => {
        asked.push(path);
        return Promise.resolve([...objects, inBundle]);
      },
    };
    const planned = inShop("ours", "theirs", "packed");
    const namesOf = (found: Awaited<ReturnType<typeof readServices>>) => [
      found.services?.map(({ name }) => name),
      found.bundledServices?.items.map(({ metadata }) => metadata.name),
    ];
    const bundles = settingsOf({ policies: { delivery: "bundles" } });
    assert.deepEqual(namesOf(await readServices(cluster, planned, bundles, stack)), [
      ["ours", "theirs", "packed"],
      ["packed"],
    ]);
    assert.deepEqual(asked, ["/api/v1/services?limit=500"]);
    // What came in bundles stays there, and is compared when the delivery is another one.
    await readServices(cluster, inShop("packed"), settings, stack);
    const selector = new URLSearchParams({
      limit: "500",
      labelSelector: `${stackLabel}=${stack},${bundleLabel}`,
    });
    assert.deepEqual(asked.slice(1), [
      "/api/v1/namespaces/shop/services",
      `/api/v1/services?${selector.toString()}`,
    ]);
  });
});
