import assert from "node:assert/strict";
import {
  audits,
  isAudited,
  keepsOptions,
  restartsToAudit,
  restartToAudit,
} from "../../../model/cilium/audit.ts";
import type { Values } from "../../../model/cilium/merge-values.ts";
import type { LiveRelease } from "../../../model/live.ts";
import { liveCluster } from "../../support/live.ts";

const chartVersion = "1.20.2";
const on: Values = { policyAuditMode: true };
const off: Values = {};
const marked = (audit: boolean): Values => ({
  podAnnotations: { "cluster-network/policy-audit": String(audit) },
});

const running = (values: Values, over: Partial<LiveRelease> = {}): LiveRelease => ({
  secret: "s",
  revision: 2,
  status: "deployed",
  content: { chartVersion, values },
  ...over,
});
const cluster = (...revisions: LiveRelease[]) => {
  const [release, deployedRelease = release] = revisions;
  return liveCluster({ release, deployedRelease });
};

describe("audits()", () => {
  const cases: [title: string, chartVersion: string, values: Values, expected: boolean][] = [
    ["is what the value says", chartVersion, on, true],
    ["is what the value says in the oldest chart", "1.14.0", on, true],
    ["is off by the chart's default", chartVersion, off, false],
    ["is off where the value says so", chartVersion, { policyAuditMode: false }, false],
    [
      "is what extraConfig has as the last word",
      chartVersion,
      { ...on, extraConfig: { "policy-audit-mode": "false" } },
      false,
    ],
    ["is on by extraConfig alone", chartVersion, { extraConfig: { "policy-audit-mode": "true" } }, true],
  ];
  for (const [title, version, values, expected] of cases) {
    it(title, () => assert.equal(audits({ chartVersion: version, values }), expected));
  }
});

describe("keepsOptions()", () => {
  it("is what extraConfig says", () => {
    assert.equal(keepsOptions({ chartVersion, values: { extraConfig: { "keep-config": "true" } } }), true);
    assert.equal(keepsOptions({ chartVersion, values: off }), false);
  });
});

describe("isAudited()", () => {
  it("is so by the release that runs", () => assert.equal(isAudited(cluster(running(on))), true));
  it("is not without an audit, without a release, and of one that is gone", () => {
    assert.equal(isAudited(cluster(running(off))), false);
    assert.equal(isAudited(liveCluster()), false);
    assert.equal(isAudited(cluster(running(on, { status: "uninstalled" }))), false);
  });
  it("is so by one of two revisions that nodes may run", () =>
    assert.equal(isAudited(cluster(running(off, { status: "failed" }), running(on))), true));
});

describe("restartToAudit()", () => {
  const told = (values: Values, ...revisions: LiveRelease[]) =>
    restartToAudit(cluster(...revisions), { chartVersion, values });

  it("leaves agents alone that never audited", () => assert.deepEqual(told(off, running(off)), {}));
  it("marks those of a new cluster that audits, so that the next deployment restarts none", () =>
    assert.deepEqual(told(on), marked(true)));
  it("restarts agents that do not audit yet", () => assert.deepEqual(told(on, running(off)), marked(true)));
  it("restarts agents of which nobody knows whether they have read the option", () =>
    assert.deepEqual(told(on, running(on)), marked(true)));
  it("stays while the audit does", () =>
    assert.deepEqual(told(on, running({ ...on, ...marked(true) })), marked(true)));
  it("is another one at the audit's end, and stays so", () => {
    assert.deepEqual(told(off, running({ ...on, ...marked(true) })), marked(false));
    assert.deepEqual(told(off, running(marked(false))), marked(false));
  });
  it("ends an audit that somebody switched on by hand", () =>
    assert.deepEqual(told(off, running(on)), marked(false)));
  it("is another one again where the next audit begins", () =>
    assert.deepEqual(told(on, running(marked(false))), marked(true)));
  it("counts a revision before one that failed", () =>
    assert.deepEqual(told(off, running(off, { status: "failed" }), running(on)), marked(false)));

  it("says that the agents restart", () => {
    assert.equal(restartsToAudit(off, { ...on, ...marked(true) }), true);
    assert.equal(restartsToAudit({ ...on, ...marked(true) }, marked(false)), true);
    assert.equal(restartsToAudit(marked(false), marked(false)), false);
  });
});
