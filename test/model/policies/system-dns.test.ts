import assert from "node:assert/strict";
import { resolveFlows } from "../../../model/policies/flows.ts";
import { upstreamProblems } from "../../../model/policies/system-dns.ts";
import { formatProblem } from "../../../model/problem.ts";
import { planNetwork } from "../../../model/plan.ts";
import { liveCluster, stockCorefile } from "../../support/live.ts";
import { settingsOf } from "../../support/settings.ts";

function said(forward: string, system: object = {}, policies: object = { systemNamespaces: true }): string[] {
  const settings = settingsOf({ policies, namespaces: [{ name: "kube-system", ...system }] });
  const corefile = `.:53 {\n  ${forward}\n}\nconsul.local:53 {\n  forward . /etc/resolv.conf\n}\n`;
  return upstreamProblems(settings, corefile, resolveFlows(settings).flows).map(formatProblem);
}

describe("upstreamProblems()", () => {
  const fine = [
    "forward . /etc/resolv.conf",
    "forward . 10.0.0.2 192.168.1.1:53",
    "forward . tls://9.9.9.9 tls://[2620:fe::fe]",
    "forward . 2001:4860:4860::8888 [2001:4860:4860::8844]:53",
    "forward . 169.254.169.254 169.254.169.253",
    "forward . {$RESOLVER}",
    "erratic",
  ];
  for (const forward of fine) {
    it(`finds nothing in "${forward}"`, () => {
      assert.deepEqual(said(forward), []);
    });
  }

  it("names a resolver at a port of its own, until it is declared", () => {
    assert.deepEqual(said("forward corp.example 10.0.0.2:5353"), [
      'policies.systemNamespaces: The Corefile has CoreDNS ask 10.0.0.2 at UDP 5353, which no allowance of kube-system covers: declare it in kube-system: "coredns -> 10.0.0.2:5353/UDP,5353/TCP"',
    ]);
    const flows = ["coredns -> 10.0.0.2:5353/UDP,5353/TCP"];
    assert.deepEqual(said("forward corp.example 10.0.0.2:5353", { flows }), []);
    assert.deepEqual(said("forward . tls://9.9.9.9:8853"), [
      'policies.systemNamespaces: The Corefile has CoreDNS ask 9.9.9.9 at TCP 8853, which no allowance of kube-system covers: declare it in kube-system: "coredns -> 9.9.9.9:8853/TCP"',
    ]);
  });

  it("names one within the cluster, until its pods are declared", () => {
    assert.deepEqual(said("forward consul 10.96.7.7"), [
      'policies.systemNamespaces: The Corefile has CoreDNS ask 10.96.7.7 at UDP 53, an address of the cluster, and no flow says which pods answer there: declare them in kube-system, such as "coredns -> consul/server:8600/UDP"',
    ]);
    const to = { namespace: "consul", labels: { app: "consul" } };
    const flows = [{ from: "coredns", to, port: "8600/UDP" }];
    assert.deepEqual(said("forward consul 10.96.7.7", { flows }), []);
  });

  it("has nothing to say where kube-system is not denied", () => {
    assert.deepEqual(said("forward . 10.0.0.2:5353", { stage: "observe" }), []);
    assert.deepEqual(said("forward . 10.0.0.2:5353", { stage: "observe" }, {}), []);
  });

  it("stops the plan, by the Corefile that is going to be served", () => {
    const corefile = `${stockCorefile}corp.example:53 {\n    forward . 10.0.0.2:5353 {\n        max_concurrent 100\n    }\n}\n`;
    const live = liveCluster({ coreDns: { corefile }, namespaces: [{ name: "kube-system", labels: {} }] });
    const { problems } = planNetwork(settingsOf({ policies: { systemNamespaces: true } }), live, "a.b");
    assert.match(problems.map(formatProblem).join(), /ask 10\.0\.0\.2 at UDP 5353/);
    const dns = { upstreams: ["10.0.0.9:5300"] };
    const own = planNetwork(
      settingsOf({ policies: { systemNamespaces: true }, dns }),
      liveCluster({ namespaces: live.namespaces }),
      "a.b",
    );
    assert.match(own.problems.map(formatProblem).join(), /ask 10\.0\.0\.9 at UDP 5300/);
  });
});
