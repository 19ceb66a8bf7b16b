import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { releaseContent } from "../../components/release-content.ts";
import { packedRelease, twice } from "../support/helm-release.ts";

describe("releaseContent()", () => {
  it("reads the chart's version and the values that were given to it", () => {
    const values = { kubeProxyReplacement: true, labels: "é ☂", bpf: { ctTcpMax: 1_000_000 } };
    assert.deepEqual(releaseContent(packedRelease({ chartVersion: "1.15.19", values })), {
      chartVersion: "1.15.19",
      values,
    });
  });

  it("reads a release without values", () => {
    assert.deepEqual(releaseContent(packedRelease({ chartVersion: "1.15.19" })), {
      chartVersion: "1.15.19",
      values: {},
    });
  });

  it("reads one that is not compressed, as early versions of Helm wrote them", () => {
    const release = { chart: { metadata: { version: "1.15.19" } }, config: null };
    assert.deepEqual(releaseContent(twice(Buffer.from(JSON.stringify(release)))), {
      chartVersion: "1.15.19",
      values: {},
    });
  });

  const others: [title: string, data: string | undefined][] = [
    ["a Secret without a release", undefined],
    ["what is no base64", "§§§"],
    ["a torn archive", twice(gzipSync("{}").subarray(0, 12))],
    ["what is no JSON", twice(gzipSync("release"))],
    ["a release without a chart", twice(gzipSync(`{"config":{}}`))],
    ["values that are none", twice(gzipSync(`{"chart":{"metadata":{"version":"1.2.3"}},"config":[]}`))],
  ];
  for (const [title, data] of others) {
    it(`says nothing of ${title}`, () => assert.equal(releaseContent(data), undefined));
  }
});
