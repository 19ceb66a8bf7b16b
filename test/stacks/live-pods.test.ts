import assert from "node:assert/strict";
import { readPods } from "../../stacks/live-pods.ts";

/** A cluster that answers by path, and what it was asked. */
function cluster(answer: (path: string) => object | undefined) {
  const asked: string[] = [];
  return {
    asked,
    get: <T>(path: string): Promise<T | undefined> => {
      asked.push(decodeURIComponent(path));
      return Promise.resolve(answer(path) as T | undefined);
    },
  };
}

const pod = (namespace: string, name: string, over: object = {}) => ({
  metadata: { namespace, name, labels: { app: name }, ...over },
  spec: {
    serviceAccountName: "default",
    initContainers: [
      { name: "once", ports: [{ containerPort: 1 }] },
      { name: "proxy", restartPolicy: "Always", ports: [{ containerPort: 15001 }] },
    ],
    containers: [{ name: "main", ports: [{ name: "dns", containerPort: 53, protocol: "UDP" }] }],
  },
  status: { podIPs: [{ ip: "10.0.0.7" }, { ip: "fd00::7" }] },
});

describe("readPods()", () => {
  it("asks nothing where no namespace is declared", async () => {
    const asked = cluster(() => undefined);
    assert.deepEqual(await readPods(asked, []), []);
    assert.deepEqual(asked.asked, []);
  });

  it("keeps what policies and reports look at", async () => {
    const found = await readPods(
      cluster(() => ({ items: [pod("shop", "web")] })),
      ["shop"],
    );
    assert.deepEqual(found, [
      {
        namespace: "shop",
        name: "web",
        labels: { app: "web" },
        owner: { kind: "Pod", name: "web" },
        serviceAccount: "default",
        hostNetwork: false,
        ports: [
          { name: undefined, port: 15001, protocol: "TCP" },
          { name: "dns", port: 53, protocol: "UDP" },
        ],
        addresses: ["10.0.0.7", "fd00::7"],
      },
    ]);
  });

  it("leaves out completed pods, and those that are going", async () => {
    const going = pod("shop", "old", { deletionTimestamp: new Date() });
    const asked = cluster(() => ({ items: [going] }));
    assert.deepEqual(await readPods(asked, ["shop"]), []);
    assert.match(asked.asked.join(), /status\.phase!=Succeeded,status\.phase!=Failed/);
  });

  it("reads page by page", async () => {
    const pages = cluster((path) =>
      path.includes("continue=next%2F1")
        ? { items: [pod("shop", "b")], metadata: {} }
        : { items: [pod("shop", "a")], metadata: { continue: "next/1" } },
    );
    const found = await readPods(pages, ["shop"]);
    assert.deepEqual(
      found.map(({ name }) => name),
      ["a", "b"],
    );
    assert.equal(pages.asked.length, 2);
  });

  it("asks once for all where many namespaces are declared, and keeps theirs", async () => {
    const many = Array.from({ length: 100 }, (_, i) => `ns-${i}`);
    const asked = cluster(() => ({ items: [pod("ns-7", "mine"), pod("kube-system", "theirs")] }));
    const found = await readPods(asked, many);
    assert.deepEqual(
      found.map(({ name }) => name),
      ["mine"],
    );
    assert.equal(asked.asked.length, 1);
    assert.match(asked.asked.join(), /^\/api\/v1\/pods\?/);
  });

  it("takes a namespace that is not there yet for an empty one", async () =>
    assert.deepEqual(
      await readPods(
        cluster(() => ({ items: null })),
        ["new"],
      ),
      [],
    ));
});
