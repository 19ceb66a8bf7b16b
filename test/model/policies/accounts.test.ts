import assert from "node:assert/strict";
import { accountProblems } from "../../../model/policies/accounts.ts";
import { resolveFlows } from "../../../model/policies/flows.ts";
import { networkPolicies } from "../../../model/policies/policies.ts";
import { formatProblem } from "../../../model/problem.ts";
import { livePod } from "../../support/live-pods.ts";
import { settingsOf } from "../../support/settings.ts";

const workloads = [
  { name: "web", ports: { http: 80 }, serviceAccount: "web" },
  { name: "api", ports: { http: 80 } },
];
const labels = { "app.kubernetes.io/name": "web" };
function judge(dialect: string, pod: object, stage = "enforce"): string[] {
  const namespaces = [{ name: "shop", stage, workloads, flows: ["web -> api:http"] }];
  const settings = settingsOf({ policies: { dialect }, namespaces });
  const policies = networkPolicies(settings, resolveFlows(settings).flows);
  const pods = [livePod("Deployment web", { labels, ...pod })];
  return accountProblems(settings.namespaces, pods, policies).map(formatProblem);
}

describe("accountProblems()", () => {
  it("refuses where Cilium's policies would select nobody", () =>
    assert.deepEqual(judge("cilium", { serviceAccount: "default" }), [
      "namespaces[0].workloads[0].serviceAccount: Pods of web run under default, not under web, so policies of Cilium's dialect would not select them: Deployment shop/web (1 pod, app.kubernetes.io/name=web): write the account that they run under, or leave it out",
    ]));
  it("has nothing against the declared one, or one that nobody tells", () => {
    assert.deepEqual(judge("cilium", { serviceAccount: "web" }), []);
    assert.deepEqual(judge("cilium", { serviceAccount: undefined }), []);
  });
  it("leaves alone what no policy selects by, and what is under none", () => {
    assert.deepEqual(judge("kubernetes", { serviceAccount: "default" }), []);
    assert.deepEqual(judge("cilium", { serviceAccount: "default" }, "observe"), []);
    assert.deepEqual(judge("cilium", { serviceAccount: "default", hostNetwork: true }), []);
  });
});
