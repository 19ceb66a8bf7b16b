import assert from "node:assert/strict";
import { describeGroup, ownerOf, podGroups } from "../../model/live-pods.ts";
import { livePod } from "../support/live-pods.ts";

describe("ownerOf()", () => {
  const by = (kind: string, name: string, labels?: Record<string, string>) =>
    ownerOf({ name: "x-1", labels, ownerReferences: [{ kind, name, controller: true }] });
  const cases: [title: string, owner: { kind: string; name: string }, expected: string][] = [
    ["the pod itself where nobody made it", ownerOf({ name: "debug" }), "Pod debug"],
    [
      "the Deployment of a ReplicaSet",
      by("ReplicaSet", "api-7d4b9c", { "pod-template-hash": "7d4b9c" }),
      "Deployment api",
    ],
    ["a ReplicaSet of its own", by("ReplicaSet", "api-7d4b9c"), "ReplicaSet api-7d4b9c"],
    ["the CronJob of a Job that it made", by("Job", "nightly-29381760"), "CronJob nightly"],
    ["a Job of its own", by("Job", "migrate-2"), "Job migrate-2"],
    ["any other controller", by("StatefulSet", "postgres"), "StatefulSet postgres"],
  ];
  for (const [title, { kind, name }, expected] of cases) {
    it(`is ${title}`, () => assert.equal(`${kind} ${name}`, expected));
  }

  it("is the controller among several owners", () =>
    assert.deepEqual(
      ownerOf({
        name: "x",
        ownerReferences: [
          { kind: "Node", name: "n" },
          { kind: "Rollout", name: "web", controller: true },
        ],
      }),
      { kind: "Rollout", name: "web" },
    ));
});

describe("podGroups()", () => {
  it("holds pods of one owner together, whatever controllers write on them", () => {
    const pods = ["0", "1"].map((i) =>
      livePod(`StatefulSet db`, {
        name: `db-${i}`,
        labels: { app: "db", "statefulset.kubernetes.io/pod-name": `db-${i}` },
        ports: [{ port: 5432, protocol: "TCP" }],
        addresses: [`10.0.0.${i}`],
      }),
    );
    const [group, ...others] = podGroups(pods);
    assert.deepEqual(others, []);
    assert.deepEqual(group?.labels, { app: "db" });
    assert.deepEqual(group.addresses, ["10.0.0.0", "10.0.0.1"]);
    assert.equal(describeGroup(group), "StatefulSet shop/db (2 pods, app=db)");
  });

  it("parts pods of one owner that policies may tell apart", () => {
    const pods = [{ tier: "old" }, { tier: "new" }].map((labels) => livePod("Deployment api", { labels }));
    assert.deepEqual(podGroups(pods).map(describeGroup), [
      "Deployment shop/api (1 pod, tier=new)",
      "Deployment shop/api (1 pod, tier=old)",
    ]);
  });

  it("says of a pod without labels that it has none", () =>
    assert.deepEqual(podGroups([livePod("Pod debug")]).map(describeGroup), [
      "Pod shop/debug (1 pod, no labels)",
    ]));
});
