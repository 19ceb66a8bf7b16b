import assert from "node:assert/strict";
import type { Values } from "../../../model/cilium/merge-values.ts";
import {
  replacesKubeProxy,
  restartsToReplace,
  restartToReplace,
} from "../../../model/cilium/replaces-kube-proxy.ts";
import type { LiveRelease } from "../../../model/live.ts";
import { liveCluster } from "../../support/live.ts";

const on: Values = { kubeProxyReplacement: true };
const off: Values = { kubeProxyReplacement: false };
const chartVersion = "1.20.2";
const marked = { podAnnotations: { "cluster-network/replaces-kube-proxy": "true" } };

describe("replacesKubeProxy()", () => {
  const cases: [title: string, chartVersion: string, values: Values, expected: boolean][] = [
    ["is what the value says", chartVersion, on, true],
    ["is not where the value turns it off", chartVersion, off, false],
    ["is not by the chart's default", chartVersion, {}, false],
    ["takes text for a switch, as the agent does", "1.19.0", { kubeProxyReplacement: "true" }, true],
    ["knows the word of old charts", "1.14.0", { kubeProxyReplacement: "strict" }, true],
    ["is not where only parts are replaced", "1.15.0", { kubeProxyReplacement: "partial" }, false],
    [
      "is not where extraConfig has the last word",
      chartVersion,
      { ...on, extraConfig: { "kube-proxy-replacement": "false" } },
      false,
    ],
  ];
  for (const [title, version, values, expected] of cases) {
    it(title, () => assert.equal(replacesKubeProxy({ chartVersion: version, values }), expected));
  }
});

describe("restartToReplace()", () => {
  const running = (values: Values, over: Partial<LiveRelease> = {}): LiveRelease => ({
    secret: "s",
    revision: 2,
    status: "deployed",
    content: { chartVersion, values },
    ...over,
  });
  const told = (values: Values, ...revisions: LiveRelease[]) => {
    const [release, deployedRelease = release] = revisions;
    return restartToReplace(liveCluster({ release, deployedRelease }), { chartVersion, values });
  };

  it("leaves agents of a new cluster alone: they are to start anyway", () => assert.deepEqual(told(on), {}));
  it("leaves agents alone that replace it already", () => assert.deepEqual(told(on, running(on)), {}));
  it("restarts agents that do not yet", () => assert.deepEqual(told(on, running(off)), marked));
  it("stays, for its going would be another restart", () =>
    assert.deepEqual(told(on, running({ ...on, ...marked })), marked));
  it("goes when they stop replacing it, so that it comes again with the next time", () =>
    assert.deepEqual(told(off, running({ ...on, ...marked })), {}));
  it("comes where a failed revision replaces it and nodes may run the one before", () =>
    assert.deepEqual(told(on, running(on, { status: "failed" }), running(off)), marked));
  it("says that the agents restart", () => {
    assert.equal(restartsToReplace(off, { ...on, ...marked }), true);
    assert.equal(restartsToReplace({ ...on, ...marked }, { ...on, ...marked }), false);
  });
});
