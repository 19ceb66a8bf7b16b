import assert from "node:assert/strict";
import type { Values } from "../../../model/cilium/merge-values.ts";
import { type Installed, judgeUpgrade, type UpgradeInput } from "../../../model/cilium/upgrade.ts";
import { formatProblem } from "../../../model/problem.ts";

const baseline: Values = {
  kubeProxyReplacement: true,
  ipam: { mode: "kubernetes" },
  bpf: { masquerade: true, tproxy: true },
};
const larger: Values = { ...baseline, bpf: { masquerade: true, tproxy: true, ctTcpMax: 1_000_000 } };

const revision = (chartVersion: string, over: Partial<Installed> = {}): Installed => ({
  revision: 3,
  status: "deployed",
  chartVersion,
  values: baseline,
  ...over,
});

function judge(installed: Installed | readonly Installed[], to: string, over: Partial<UpgradeInput> = {}) {
  const judgement = judgeUpgrade({
    installed: [installed].flat(),
    wanted: { chartVersion: to, values: baseline },
    consent: false,
    auditIsStaged: false,
    kernel: "6.1",
    ...over,
  });
  return { ...judgement, problems: judgement.problems.map(formatProblem) };
}

describe("judgeUpgrade()", () => {
  it("has nothing to tell where version and values stay", () => {
    assert.deepEqual(judge(revision("1.16.5"), "1.16.5"), { problems: [], warnings: [], report: undefined });
  });

  const audit = { ...baseline, policyAuditMode: true };
  const steps: [title: string, from: Values, to: Values, said: RegExp][] = [
    ["begins", baseline, audit, /default → audit only\. .*traffic that is denied now will pass$/],
    [
      "ends",
      audit,
      baseline,
      /audit only → default\. .*connections that are open too: until now it was only logged$/,
    ],
  ];
  for (const [title, from, to, said] of steps) {
    it(`says that an audit ${title}, and lets it where the stages do so`, () => {
      const step = (auditIsStaged: boolean) =>
        judge(revision("1.20.2", { values: from }), "1.20.2", {
          wanted: { chartVersion: "1.20.2", values: to },
          auditIsStaged,
        });
      assert.match(step(false).problems.join(), /allowDatapathChange: true/);
      const { problems, warnings, report } = step(true);
      assert.deepEqual(problems, []);
      assert.match(warnings.join(), said);
      assert.deepEqual(
        report?.effects.map(({ what }) => what),
        ["policy enforcement"],
      );
    });
  }

  it("wants consent to another enforcement mode, whatever the stages say", () => {
    const values = { ...baseline, policyEnforcementMode: "always" };
    const { problems } = judge(revision("1.20.2", { values: audit }), "1.20.2", {
      wanted: { chartVersion: "1.20.2", values },
      auditIsStaged: true,
    });
    assert.match(problems.join(), /audit only → always/);
  });

  it("has nothing to tell of values that no traffic depends on", () => {
    const values = { ...baseline, hubble: { enabled: false }, operator: { replicas: 2 } };
    const { problems, warnings, report } = judge(revision("1.16.5"), "1.16.5", {
      wanted: { chartVersion: "1.16.5", values },
    });
    assert.deepEqual({ problems, warnings, report }, { problems: [], warnings: [], report: undefined });
  });

  it("lets the next minor through, held to where the cluster began, and says what to look at", () => {
    const values = { ...baseline, upgradeCompatibility: "1.15" };
    const { problems, warnings, report } = judge(revision("1.15.19"), "1.16.0", {
      wanted: { chartVersion: "1.16.0", values },
    });
    assert.deepEqual(problems, []);
    assert.match(warnings[0] ?? "", /^Cilium 1\.15\.19 → 1\.16\.0: connections through L7 policies/);
    assert.ok(
      warnings.some((text) => /^Cilium 1\.16: On kernels from 6\.6 .*bpf\.enableTCX: false/.test(text)),
    );
    assert.equal(report?.from, "1.15.19 (revision 3, deployed)");
    assert.equal(report.to, "1.16.0");
    assert.deepEqual(report.effects, []);
    assert.match(report.takesEffect, /^node by node/);
    const encryption = report.breakingChanges.find(({ what }) => what.startsWith("IPsec keys"));
    assert.equal(encryption?.concerns, "nothing in this configuration");
  });

  it("refuses a skip, and says nothing of what it would do", () => {
    const { problems, warnings } = judge(revision("1.14.3", { values: {} }), "1.16.0");
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", /skips 1\.15/);
    assert.deepEqual(warnings, []);
  });

  it("refuses values that the new version has no use for", () => {
    const { problems } = judge(revision("1.15.19"), "1.16.0", {
      wanted: {
        chartVersion: "1.16.0",
        values: { ...baseline, upgradeCompatibility: "1.15", remoteNodeIdentity: true },
      },
    });
    assert.deepEqual(problems, [
      "cilium.version: Values that were deprecated in 1.14 and 1.15 were removed, and the chart refuses them (Cilium 1.16), and remoteNodeIdentity: true is given: use encryption.ipsec.* and envoy.prometheus.*, and take the others out",
    ]);
  });

  it("refuses what cuts running traffic, with what, why, which traffic and how long", () => {
    const { problems, report } = judge(revision("1.16.5"), "1.16.5", {
      wanted: { chartVersion: "1.16.5", values: larger },
    });
    assert.equal(problems.length, 1);
    assert.match(
      problems[0] ?? "",
      /^cilium: Changes connection tracking and NAT maps \(bpf\.ctTcpMax, .*\): TCP 0\.0025 of memory, .* → TCP 1000000, .*\. Hurts established connections .* \(until the clients connect again.*\): a map of another shape .*: keep it as it is, or agree by allowDatapathChange: true/,
    );
    assert.match(report?.takesEffect ?? "", /^on each node at the next start of its agent: `kubectl/);
  });

  it("lets it through with consent, and still says it", () => {
    const { problems, warnings, report } = judge(revision("1.16.5"), "1.16.5", {
      wanted: { chartVersion: "1.16.5", values: { ...larger, rollOutCiliumPods: true } },
      consent: true,
    });
    assert.deepEqual(problems, []);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /^Changes connection tracking and NAT maps .* Hurts established/);
    assert.equal(report?.effects[0]?.what, "connection tracking and NAT maps");
    assert.match(report.takesEffect, /^node by node/);
  });

  it("consent does not stand in for a version in between", () => {
    assert.equal(judge(revision("1.14.3"), "1.16.0", { consent: true }).problems.length, 1);
  });

  it("reminds of a consent that nothing needs any more", () => {
    const { problems, warnings, report } = judge(revision("1.16.5"), "1.16.5", { consent: true });
    assert.deepEqual([problems, report], [[], undefined]);
    assert.match(warnings.join(), /^allowDatapathChange is on and nothing needs it: take it out/);
  });

  it("goes back one minor with a word of warning", () => {
    const { problems, warnings } = judge(revision("1.16.5"), "1.15.19", {
      installed: [revision("1.16.5", { values: { ...baseline, upgradeCompatibility: "1.15" } })],
    });
    assert.deepEqual(problems, []);
    assert.match(
      warnings[0] ?? "",
      /^Cilium goes back from 1\.16\.5 to 1\.15\.19: objects that only the newer/,
    );
  });

  describe("after a revision that failed or was interrupted", () => {
    const failed = revision("1.16.0", { revision: 4, status: "failed", values: larger });
    const before = revision("1.15.19");

    it("judges the step from it and from the one before", () => {
      const values = { ...baseline, upgradeCompatibility: "1.15" };
      const { problems, report } = judge([failed, before], "1.16.0", {
        wanted: { chartVersion: "1.16.0", values },
      });
      // The maps may have the size of the revision that failed on some nodes; Envoy may run there, too.
      assert.deepEqual(
        report?.effects.map(({ what, from }) => `${what}: ${from}`),
        [
          "connection tracking and NAT maps: TCP 1000000, other 0.0025 of memory, NAT 0.0025 of memory",
          "Envoy: in its own DaemonSet",
        ],
      );
      assert.equal(problems.length, 2);
      assert.equal(report.from, "1.16.0 (revision 4, failed), over 1.15.19 (revision 3, deployed)");
    });

    it("says the same thing once", () => {
      const { problems } = judge([{ ...failed, values: baseline }, before], "1.17.0");
      assert.equal(problems.length, 1);
      assert.match(
        problems[0] ?? "",
        /^cilium\.version: Cilium 1\.15\.19 is installed, and 1\.17\.0 skips 1\.16/,
      );
    });

    it("lets any version follow an installation that never came up", () => {
      const first = revision("1.20.2", { revision: 1, status: "failed" });
      const { problems } = judge(first, "1.18.0", {
        wanted: { chartVersion: "1.18.0", values: baseline },
      });
      assert.deepEqual(problems, []);
    });
  });
});
