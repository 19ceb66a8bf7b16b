import assert from "node:assert/strict";
import { describeGroup, type LivePod } from "../../../model/live-pods.ts";
import { type LiveCluster, ownLabels } from "../../../model/live.ts";
import { resolveFlows } from "../../../model/policies/flows.ts";
import { policyManifest } from "../../../model/policies/manifest.ts";
import { networkPolicies } from "../../../model/policies/policies.ts";
import {
  enforcedNamespaces,
  judgeUnexplained,
  namedPods,
  unexplainedPods,
} from "../../../model/policies/unexplained-pods.ts";
import { formatProblem } from "../../../model/problem.ts";
import { livePod } from "../../support/live-pods.ts";
import { liveCluster } from "../../support/live.ts";
import { settingsOf } from "../../support/settings.ts";

const stack = "cluster-network.test";
const name = (value: string) => ({ "app.kubernetes.io/name": value });
const shop = {
  name: "shop",
  workloads: [
    { name: "web", ports: { http: 80 } },
    { name: "api", ports: { http: 8080 } },
    { name: "idle", ports: { http: 80 } },
  ],
  flows: [{ from: "web", to: "api", port: "http" }],
};

const declared = [
  livePod("Deployment web", { labels: { ...name("web"), "pod-template-hash": "abc" } }),
  livePod("Deployment api", { labels: name("api") }),
];
const cron = ["a", "b", "c"].map((id) =>
  livePod("Deployment legacy-cron", { name: `legacy-cron-${id}`, labels: { app: "legacy-cron" } }),
);
const said = "Deployment shop/legacy-cron (3 pods, app=legacy-cron)";

describe("unexplainedPods()", () => {
  const { flows } = resolveFlows(settingsOf({ namespaces: [shop] }));
  const found = (...pods: LivePod[]) => unexplainedPods(pods, namedPods(flows)).map(describeGroup);

  it("has nothing against pods that flows name", () => assert.deepEqual(found(...declared), []));
  it("lists the others by owner", () => assert.deepEqual(found(...cron, ...declared), [said]));
  it("passes over pods on the host's network, which are under no policy", () =>
    assert.deepEqual(found(livePod("DaemonSet agent", { hostNetwork: true })), []));
  it("lists pods of a workload that takes part in no flow", () =>
    assert.equal(found(livePod("Deployment idle", { labels: name("idle") })).length, 1));
  it("does not take pods of another namespace for those that a flow names", () =>
    assert.equal(found(livePod("Deployment web", { namespace: "lab", labels: name("web") })).length, 1));

  const ends = (namespace: string | undefined) =>
    namedPods([
      {
        from: { kind: "pods", ...(namespace !== undefined && { namespace }), labels: {} },
        to: { kind: "cidr", cidr: "203.0.113.0/24", except: [] },
        path: "namespaces[0].flows[0]",
        text: "",
      },
    ]);
  it("takes a flow of every pod of a namespace for one of each of them", () =>
    assert.deepEqual(unexplainedPods(cron, ends("shop")), []));
  it("does not let a flow of every pod of the cluster explain anything", () =>
    assert.equal(unexplainedPods(cron, ends(undefined)).length, 1));
});

describe("judgeUnexplained()", () => {
  const ours = ownLabels(stack);
  const deny = { namespace: "shop", name: "default-deny-all", labels: ours };
  function judge(over: object, live: Partial<LiveCluster> = {}) {
    const settings = settingsOf({ namespaces: [{ ...shop, ...over }] });
    const cluster = liveCluster({ pods: [...declared, ...cron], ...live });
    const { flows } = resolveFlows(settings);
    const enforced = enforcedNamespaces(cluster, stack);
    const { problems, warnings } = judgeUnexplained(settings, cluster, flows, enforced, stack);
    return { problems: problems.map(formatProblem), warnings };
  }

  const refusal = `namespaces[0]: Default-deny would cut off pods that run in shop and no flow explains: ${said}: declare their workloads and flows, or set stage: observe to see what they would lose, or acceptUnexplainedPods: true to go on`;

  it("refuses where default-deny comes to pods that no flow explains", () =>
    assert.deepEqual(judge({}), { problems: [refusal], warnings: [] }));
  it("refuses where the deny that is there is somebody else's", () => {
    const theirs = { ...deny, labels: ownLabels("cluster-network.other") };
    assert.deepEqual(judge({}, { networkPolicies: [theirs] }).problems, [refusal]);
  });
  it("refuses where a killed run came as far as the allows", () => {
    const allow = { ...deny, name: "allow-dns" };
    assert.deepEqual(judge({}, { networkPolicies: [allow] }).problems, [refusal]);
  });
  it("refuses where the deny is there and only logged", () => {
    const content = { chartVersion: "1.20.2", values: { policyAuditMode: true } };
    const release = { secret: "s", revision: 1, status: "deployed", content };
    const live = { networkPolicies: [deny], release, deployedRelease: release };
    assert.deepEqual(judge({}, live).problems, [refusal]);
  });
  it("names a declared workload that no flow has", () => {
    const pods = [livePod("Deployment idle", { labels: name("idle") })];
    assert.match(
      judge({}, { pods }).problems.join(),
      /: no flow has idle at either end, though it is declared; declare their workloads/,
    );
  });
  it("lists a screenful", () => {
    const pods = Array.from({ length: 14 }, (_, i) => livePod(`Deployment d${i}`));
    assert.match(judge({}, { pods }).problems.join(), /d5 \(1 pod, no labels\); and 4 more: declare/);
  });

  it("only warns where default-deny of this stack is in force", () =>
    assert.deepEqual(judge({}, { networkPolicies: [deny] }), {
      problems: [],
      warnings: [
        `namespaces[0]: No flow explains pods that run in shop, so what they send and get is denied: ${said}`,
      ],
    }));
  it("says apart which pods have flows by now and lose them", () => {
    for (const dialect of ["kubernetes", "cilium"]) {
      const before = settingsOf({
        policies: { dialect },
        namespaces: [
          {
            name: "shop",
            workloads: [
              ...shop.workloads,
              { name: "cron", labels: { app: "legacy-cron" }, serviceAccount: "cron" },
            ],
            flows: ["web -> api:http", "cron -> api:http"],
          },
        ],
      });
      const policyObjects = networkPolicies(before, resolveFlows(before).flows).map((policy) =>
        policyManifest(policy, ours),
      );
      const other = livePod("Deployment other", { labels: { app: "other" } });
      const { problems, warnings } = judge(
        {},
        {
          networkPolicies: [deny],
          policyObjects,
          pods: [...declared, ...cron, other],
        },
      );
      assert.deepEqual(problems, []);
      assert.match(warnings[0] ?? "", /explain no more, so this deployment cuts them off.*legacy-cron/);
      assert.match(warnings[1] ?? "", /so what they send and get is denied: Deployment shop\/other/);
      assert.equal(warnings.length, 2);
    }
  });
  const under = (live: Partial<LiveCluster>) => [...enforcedNamespaces(liveCluster(live), stack)];
  it("knows default-deny in each form, for another dialect or delivery may be about to take over", () => {
    const inBundle = { ...deny, name: "default-deny-all.bundled" };
    assert.deepEqual(under({ networkPolicies: [deny] }), ["shop"]);
    assert.deepEqual(under({ ciliumPolicies: [deny] }), ["shop"]);
    assert.deepEqual(under({ networkPolicies: [inBundle] }), ["shop"]);
  });
  it("asks a policy of the whole cluster which namespaces it is for", () => {
    const of = (baseline: string, labels: Record<string, string>) => {
      const settings = settingsOf({ policies: { baseline }, namespaces: [shop] });
      const policies = networkPolicies(settings, resolveFlows(settings).flows);
      return under({ policyObjects: policies.map((policy) => policyManifest(policy, labels)) });
    };
    assert.deepEqual(of("cluster-wide", ours), ["shop"]);
    assert.deepEqual(of("cluster-wide", ownLabels("cluster-network.other")), []);
    assert.deepEqual(of("namespaces", ours), []);
  });
  it("only warns where somebody accepts it", () =>
    assert.deepEqual(judge({ acceptUnexplainedPods: true }), {
      problems: [],
      warnings: [`namespaces[0]: Default-deny cuts off pods that run in shop and no flow explains: ${said}`],
    }));
  it("only warns of what is audited", () =>
    assert.deepEqual(judge({ stage: "audit" }), {
      problems: [],
      warnings: [
        `namespaces[0]: No flow explains pods that run in shop, so enforcement would cut them off: ${said}`,
      ],
    }));
  it("leaves what is observed to the report", () =>
    assert.deepEqual(judge({ stage: "observe" }), { problems: [], warnings: [] }));
  it("has nothing to say of a namespace without pods, or with those of flows alone", () => {
    assert.deepEqual(judge({}, { pods: [] }), { problems: [], warnings: [] });
    assert.deepEqual(judge({}, { pods: declared }), { problems: [], warnings: [] });
  });
});
