import assert from "node:assert/strict";
import { judgeClusterDns } from "../../../model/policies/cluster-dns.ts";
import { formatProblem } from "../../../model/problem.ts";
import { settingsOf } from "../../support/settings.ts";

const shop = { name: "shop" };
function judge(dnsService: { selector: Record<string, string> } | null | undefined, namespaces = [shop]) {
  const { problems, warnings } = judgeClusterDns(settingsOf({ namespaces }), { dnsService });
  return { problems: problems.map(formatProblem), warnings };
}
const nothing = { problems: [], warnings: [] };

describe("judgeClusterDns()", () => {
  it("has nothing against DNS that policies allow, whatever else selects it", () => {
    const selector = { "k8s-app": "kube-dns", "app.kubernetes.io/instance": "rke2-coredns" };
    assert.deepEqual(judge({ selector }), nothing);
  });
  it("refuses where others answer, as CoreDNS' chart has them", () => {
    const { problems, warnings } = judge({ selector: { "k8s-app": "coredns" } });
    assert.deepEqual(warnings, []);
    assert.match(
      problems.join(),
      /^namespaces\[0\]: Service kube-system\/kube-dns leads to pods with k8s-app=coredns, .*no pod .* would resolve a name: give them the label k8s-app: kube-dns/,
    );
  });
  it("warns where that cannot be told", () => {
    assert.match(judge(null).warnings.join(), /There is no Service kube-system\/kube-dns.*from: shop\/\*/);
    assert.match(judge({ selector: {} }).warnings.join(), /does not say that it leads to pods/);
    assert.deepEqual([judge(null).problems, judge({ selector: {} }).problems], [[], []]);
  });
  it("leaves alone what is not looked at, and namespaces that are only observed", () => {
    assert.deepEqual(judge(undefined), nothing);
    assert.deepEqual(judge(null, [{ ...shop, stage: "observe" } as typeof shop]), nothing);
    assert.deepEqual(judge(null, []), nothing);
  });
});
