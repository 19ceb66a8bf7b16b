import assert from "node:assert/strict";
import { complaints, minimal } from "../../support/settings.ts";

const refusals = (cluster: object, cilium: object = {}) =>
  complaints({ cluster: { ...minimal.cluster, ...cluster }, cilium });

describe("the budget of eBPF maps", () => {
  it("holds for any usual node", () => {
    for (const memory of ["1GiB", "2GiB", "8GiB", "64GiB"]) {
      assert.deepEqual(refusals({ node: { memory, cores: 2 } }), []);
    }
  });

  it("refuses maps that are larger, and names the largest", () => {
    const [refusal, ...others] = refusals(
      { node: { memory: "8GiB" } },
      { values: { bpf: { ctTcpMax: 4_000_000 } } },
    );
    assert.deepEqual(others, []);
    assert.match(
      refusal ?? "",
      /^cilium\.bpfMemoryBudget: The eBPF maps of a node take \d+ MiB, more than 409 MiB \(5 % of 8192 MiB, at least 128; .*the most takes ct-tcp4 \d+.*: lower the sizes/,
    );
  });

  it("takes another budget", () => {
    const values = { bpf: { ctTcpMax: 4_000_000 } };
    assert.deepEqual(refusals({ node: { memory: "8GiB" } }, { values, bpfMemoryBudget: "2GiB" }), []);
    assert.match(
      refusals({}, { bpfMemoryBudget: "50MiB" })[0] ?? "",
      /more than 50 MiB \(set by cilium.bpfMemoryBudget/,
    );
  });

  it("names the pool", () => {
    const nodePools = [
      { name: "tiny", count: 1, cores: 64, memory: "1GiB" },
      { name: "large", count: 1, cores: 64, memory: "64GiB" },
    ];
    const [refusal, ...others] = refusals({ nodes: undefined, nodePools });
    assert.deepEqual(others, []);
    assert.match(refusal ?? "", /The eBPF maps of a node of pool tiny take/);
  });
});
