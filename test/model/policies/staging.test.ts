import assert from "node:assert/strict";
import { wantedRelease } from "../../../model/cilium/release.ts";
import { type LiveCluster, ownLabels } from "../../../model/live.ts";
import { bundled } from "../../../model/policies/bundle-plan.ts";
import { policyManifest } from "../../../model/policies/manifest.ts";
import { planPolicies } from "../../../model/policies/plan-policies.ts";
import { stagedPolicies } from "../../../model/policies/staging.ts";
import { livePod } from "../../support/live-pods.ts";
import { liveCluster } from "../../support/live.ts";
import { settingsOf } from "../../support/settings.ts";

const stack = "cluster-network.test";
const labels = ownLabels(stack);
const shop = (stage: string) => ({
  name: "shop",
  stage,
  workloads: [{ name: "web" }, { name: "api", ports: { http: 8080 } }],
  flows: [
    { from: "web", to: "api", port: "http" },
    { from: "web", to: "lab/db", port: "sql" },
  ],
});
const lab = { name: "lab", workloads: [{ name: "db", ports: { sql: 5432 } }] };
const namespaces = ["shop", "lab"].map((name) => ({ name, labels: {} }));

function staged(raw: object, over: Partial<LiveCluster> = {}) {
  const settings = settingsOf(raw);
  const live = liveCluster({ namespaces, ...over });
  return stagedPolicies(settings, live, wantedRelease(settings, live), stack);
}

describe("stagedPolicies()", () => {
  it("writes nothing for an observed namespace, and the other side of its flows", () => {
    const { policies, services, observed, problems } = staged({ namespaces: [shop("observe"), lab] });
    assert.deepEqual(problems, []);
    assert.deepEqual(
      policies.map(({ namespace, name }) => `${namespace}/${name}`),
      ["lab/allow-dns", "lab/allow-db", "lab/default-deny-all"],
    );
    assert.match(policies.map(({ because }) => because).join(), /shop\/web/);
    assert.deepEqual([...new Set(services.map(({ namespace }) => namespace))], ["lab"]);
    assert.deepEqual(Object.keys(observed), ["shop"]);
  });

  it("says what was proven, and where nothing was", () => {
    const foreign = {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { namespace: "lab", name: "open" },
      spec: { podSelector: {}, ingress: [{}] },
    };
    const end = "so it is at each stage of the roll-out";
    const both = { namespaces: [shop("enforce"), lab] };
    assert.equal(staged(both).proven, `2 declared flows and DNS pass, nothing else does; ${end}`);
    assert.equal(staged({ namespaces: [lab] }).proven, `DNS passes, nothing else does; ${end}`);
    assert.match(staged(both, { policyObjects: [foreign] }).proven ?? "", /but for what the warnings name/);
    assert.equal(staged({ namespaces: [{ name: "lab", stage: "observe" }] }).proven, undefined);
  });

  const pods = [livePod("Deployment legacy-cron", { labels: { app: "legacy-cron" } })];
  for (const delivery of ["resources", "bundles"]) {
    const raw = (stage: string) => ({ policies: { delivery }, namespaces: [shop(stage), lab] });
    const settings = settingsOf(raw("enforce"));
    const planned = planPolicies(settings, liveCluster({ namespaces })).policies;
    const there = delivery === "bundles" ? planned.map(bundled) : planned;
    const networkPolicies = there.map(({ namespace, name }) => ({ namespace, name, labels }));

    it(`knows by ${delivery} that a namespace is enforced`, () => {
      assert.equal(staged(raw("enforce"), { pods }).problems.length, 1);
      const { problems, warnings } = staged(raw("enforce"), { pods, networkPolicies });
      assert.deepEqual(problems, []);
      assert.match(warnings.join(), /so what they send and get is denied/);
    });

    it(`lets an audit end by ${delivery} that are as they are to be`, () => {
      const content = { chartVersion: "1.20.2", values: { policyAuditMode: true } };
      const release = { secret: "s", revision: 1, status: "deployed", content };
      const policyObjects = there.map((policy) => policyManifest(policy, labels));
      const live = { release, deployedRelease: release };
      assert.deepEqual(staged(raw("enforce"), { ...live, policyObjects }).problems, []);
      const [, ...others] = policyObjects;
      assert.match(
        staged(raw("enforce"), { ...live, policyObjects: others })
          .problems.map(({ message }) => message)
          .join(),
        /^The audit would end before/,
      );
    });
  }

  it("stays with what is enforced while its delivery changes", () => {
    const raw = { policies: { delivery: "bundles" }, namespaces: [shop("enforce"), lab] };
    const networkPolicies = [{ namespace: "shop", name: "default-deny-all", labels }];
    assert.deepEqual(staged(raw, { pods, networkPolicies }).problems, []);
  });
});
