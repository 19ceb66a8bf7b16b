import assert from "node:assert/strict";
import { takeInventory } from "../../../../model/reachability/inventory/inventory.ts";
import { inventoryOf, manifests } from "../../../support/manifests.ts";

interface PodText {
  readonly labels?: object;
  readonly owner?: { kind: string; name: string };
  readonly status?: object;
  readonly spec?: object;
}
const pod = (name: string, { labels = {}, owner, status = {}, spec = {} }: PodText = {}): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...{ name, namespace: "shop", labels },
      ...(owner && { ownerReferences: [{ ...owner, controller: true }] }),
    },
    spec,
    status,
  });
const workload = (kind: string, name: string, labels: object, spec: object = {}): string =>
  JSON.stringify({
    apiVersion: "apps/v1",
    kind,
    metadata: { name, namespace: "shop" },
    spec: { template: { metadata: { labels }, spec } },
  });
const pile = (...texts: string[]): string => texts.join("\n---\n");
const names = (text: string): string[] => inventoryOf(text).groups.map(({ name }) => name);

describe("groupPods()", () => {
  const hash = (value: string, more: object = {}) => ({ "pod-template-hash": value, ...more });

  it("makes one group of a Deployment's pods, of an old revision, too", () => {
    const { groups } = inventoryOf(
      pile(
        pod("api-1-x", {
          labels: hash("1", { app: "api" }),
          owner: { kind: "ReplicaSet", name: "api-1" },
          status: { podIP: "10.0.0.1" },
        }),
        pod("api-2-y", {
          labels: hash("2", { app: "api" }),
          owner: { kind: "ReplicaSet", name: "api-2" },
          status: { podIPs: [{ ip: "10.0.0.2" }, { ip: "fd00::2" }] },
        }),
        workload("Deployment", "api", { app: "api" }),
      ),
    );
    assert.deepEqual(
      groups.map(({ name, owner, labels, pods, addresses }) => ({ name, owner, labels, pods, addresses })),
      [
        {
          name: "shop/api",
          owner: { kind: "Deployment", name: "api" },
          labels: { app: "api" },
          pods: ["api-1-x", "api-2-y"],
          addresses: ["10.0.0.1", "10.0.0.2", "fd00::2"],
        },
      ],
    );
  });

  it("keeps pods apart that a policy tells apart, even by a label that a controller gave them", () => {
    const pods = pile(
      ...["0", "1"].map((i) =>
        pod(`pg-${i}`, {
          labels: { app: "pg", "statefulset.kubernetes.io/pod-name": `pg-${i}` },
          owner: { kind: "StatefulSet", name: "pg" },
        }),
      ),
    );
    assert.deepEqual(names(pods), ["shop/pg"]);
    const policy = JSON.stringify({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "first", namespace: "shop" },
      spec: { podSelector: { matchLabels: { "statefulset.kubernetes.io/pod-name": "pg-0" } } },
    });
    assert.deepEqual(names(pile(pods, policy)), [
      "shop/pg (statefulset.kubernetes.io/pod-name=pg-0)",
      "shop/pg (statefulset.kubernetes.io/pod-name=pg-1)",
    ]);
  });

  it("names what tells groups of the same name apart: labels, or their kinds", () => {
    assert.deepEqual(
      names(
        pile(
          pod("web-1-x", { labels: hash("1", { v: "1" }), owner: { kind: "ReplicaSet", name: "web-1" } }),
          pod("web-2-x", { labels: hash("2", { v: "2" }), owner: { kind: "ReplicaSet", name: "web-2" } }),
        ),
      ),
      ["shop/web (v=1)", "shop/web (v=2)"],
    );
    assert.deepEqual(names(pile(workload("Deployment", "db", {}), workload("StatefulSet", "db", {}))), [
      "shop/db (Deployment)",
      "shop/db (StatefulSet)",
    ]);
  });

  it("puts the runs of a CronJob into one group, and leaves a Job of its own with its name", () => {
    const run = (job: string) => pod(`${job}-x`, { owner: { kind: "Job", name: job } });
    assert.deepEqual(names(pile(run("backup-29391234"), run("backup-29391235"))), ["shop/backup"]);
    const lone = JSON.stringify({
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "load-20261126", namespace: "shop" },
      spec: { template: {} },
    });
    assert.deepEqual(names(pile(run("load-20261126"), lone)), ["shop/load-20261126"]);
  });

  it("reads the template of a workload without pods, and that of a CronJob", () => {
    const { groups } = inventoryOf(
      pile(
        workload(
          "Deployment",
          "idle",
          { app: "idle", n: 1 },
          {
            serviceAccountName: "robot",
            hostNetwork: true,
            containers: [
              {
                ports: [
                  { name: "http", containerPort: 8080 },
                  { containerPort: 53, protocol: "UDP" },
                ],
              },
            ],
            initContainers: [
              { restartPolicy: "Always", ports: [{ containerPort: 15000 }] },
              { ports: [{ containerPort: 1 }] },
            ],
          },
        ),
        `{ apiVersion: batch/v1, kind: CronJob, metadata: { name: nightly, namespace: shop },
           spec: { jobTemplate: { spec: { template: { metadata: { labels: { app: nightly } } } } } } }`,
      ),
    );
    const [idle, nightly] = groups;
    assert.deepEqual(nightly?.labels, { app: "nightly" });
    assert.deepEqual(
      [idle?.labels, idle?.serviceAccount, idle?.hostNetwork, idle?.ports],
      [
        { app: "idle", n: "1" },
        "robot",
        true,
        [
          { port: 53, protocol: "UDP" },
          { port: 8080, protocol: "TCP", name: "http" },
          { port: 15000, protocol: "TCP" },
        ],
      ],
    );
  });

  it("passes over pods that are done", () =>
    assert.deepEqual(
      names(pile(pod("a", { status: { phase: "Succeeded" } }), pod("b", { status: { phase: "Running" } }))),
      ["shop/b"],
    ));

  it("names a static pod without its node", () =>
    assert.deepEqual(names(pod("kube-proxy-n1", { owner: { kind: "Node", name: "n1" } })), [
      "shop/kube-proxy",
    ]));

  it("lets a workload that is laid over take the place of the pods that were there", () => {
    const there = pod("api-1-x", {
      labels: hash("1", { app: "api" }),
      owner: { kind: "ReplicaSet", name: "api-1" },
    });
    const { groups } = takeInventory([
      ...manifests(there),
      ...manifests(workload("Deployment", "api", { app: "api", v: "2" }), { layer: 1 }),
    ]);
    assert.deepEqual(
      groups.map(({ labels }) => labels),
      [{ app: "api", v: "2" }],
    );
  });

  it("counts a declared workload only where none of its name is there", () => {
    const declared = manifests(workload("Deployment", "api", { declared: "yes" }), {
      isDeclared: true,
      layer: 1,
    });
    const labels = (...more: typeof declared) =>
      takeInventory([...more, ...declared]).groups.map((group) => group.labels);
    assert.deepEqual(labels(), [{ declared: "yes" }]);
    assert.deepEqual(labels(...manifests(workload("StatefulSet", "api", { app: "api" }))), [{ app: "api" }]);
  });
});
