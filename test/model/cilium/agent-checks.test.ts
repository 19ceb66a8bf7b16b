import assert from "node:assert/strict";
import { agentProblems, agentWarnings } from "../../../model/cilium/agent-checks/index.ts";
import { settingsSchema } from "../../../model/settings.ts";
import { lines, newChart, unjudged } from "../../support/agent-checks.ts";
import { complaints, minimal } from "../../support/settings.ts";

describe("agentProblems()", () => {
  for (const version of ["1.14.0", "1.15.19", "1.16.0", "1.17.0", "1.18.0", "1.19.0", newChart]) {
    it(`finds nothing in the baseline of chart ${version}`, () => {
      assert.deepEqual(lines(agentProblems, unjudged({}, version)), []);
      assert.deepEqual(lines(agentWarnings, unjudged({}, version)), []);
    });
  }

  it("compares the NAT map with the connections of the node that the settings describe", () => {
    const on = (memory: string) =>
      agentProblems(unjudged({ bpf: { natMax: 300_000 } }, "1.15.19", { node: { memory } })).length;
    assert.deepEqual([on("8GiB"), on("32GiB")], [1, 0]);
  });

  it("names the option where no value of the chart's was written", () => {
    const cilium = { version: "1.15.19", encryption: { type: "ipsec" } };
    const [problem] = agentProblems(settingsSchema.parse({ ...minimal, cilium }));
    assert.equal(problem?.path, "cilium.encryption.type");
  });

  it("looks at nothing where Cilium is not ours", () => {
    const cilium = { enabled: false, values: { routingMode: "direct" } };
    assert.deepEqual(complaints({ ...minimal, cilium }), []);
  });

  it("is asked before anything is planned", () => {
    const cilium = { values: { bpf: { ctTcpMax: 1 } } };
    assert.match(complaints({ ...minimal, cilium }).join("\n"), /too small for the agent/);
  });
});
