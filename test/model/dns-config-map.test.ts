import assert from "node:assert/strict";
import { judgeConfigMap } from "../../model/dns-config-map.ts";
import { outcome, UNKNOWN } from "../../model/verdict.ts";

const GOOD = ".:53 {\n    errors\n    forward . /etc/resolv.conf\n    cache 30\n}\n";
const HUGE =
  ".:53 {\n    forward . /etc/resolv.conf\n    cache 30 {\n        success 10000000 30\n    }\n}\n";

function judge(name: string | typeof UNKNOWN, object: unknown) {
  return judgeConfigMap({ where: "ConfigMap kube-system/x", name, object }, { memoryLimitBytes: 2 ** 30 });
}
const paths = (name: string, object: unknown) => judge(name, object).problems.map(({ path }) => path);

describe("judgeConfigMap()", () => {
  it("accepts a bounded cache, and ConfigMaps without Corefiles", () => {
    assert.equal(outcome(judge("coredns", { data: { Corefile: GOOD } })), "holds");
    assert.equal(
      outcome(judge("app", { data: { "nginx.conf": "server {\n  listen 80\n}\n", json: "{}" } })),
      "holds",
    );
    assert.equal(outcome(judge("app", {})), "holds");
  });

  for (const key of ["Corefile", "Corefile.base"]) {
    it(`judges ${key} wherever it stands`, () => {
      assert.ok(paths("app", { data: { [key]: HUGE } }).includes(`ConfigMap kube-system/x, ${key}:4:17`));
    });
  }

  it("judges server blocks of a custom ConfigMap, and the lines of an override", () => {
    assert.notDeepEqual(paths("coredns-custom", { data: { "x.server": HUGE } }), []);
    const override = "log\ncache 30 {\n    success 10000000 30\n}\n";
    assert.ok(
      paths("coredns-custom", { data: { "x.override": override } }).includes(
        "ConfigMap kube-system/x, x.override:3:13",
      ),
    );
  });

  it("finds a Corefile under any key, and decodes binary data", () => {
    assert.notDeepEqual(paths("app", { data: { anything: HUGE } }), []);
    assert.notDeepEqual(paths("app", { binaryData: { Corefile: Buffer.from(HUGE).toString("base64") } }), []);
  });

  it("blames a Corefile that does not load", () => {
    const { problems } = judge("coredns", { data: { Corefile: ".:53 {\n    health { lameduck 5s }\n}\n" } });
    assert.notEqual(problems.length, 0);
  });

  it("says what imports hide", () => {
    const { problems, unknowns } = judge("coredns", {
      data: { Corefile: ".:53 {\n    import custom/*.override\n}\n" },
    });
    assert.deepEqual(problems, []);
    assert.match(unknowns[0]?.reason ?? "", /import custom\/\*\.override/);
  });

  it("does not know yet what a Corefile of unknown text holds, and judges the others", () => {
    assert.equal(outcome(judge("app", { data: { Corefile: UNKNOWN } })), "unknown");
    assert.equal(outcome(judge("coredns", { data: UNKNOWN })), "unknown");
    assert.equal(outcome(judge(UNKNOWN, { data: { Corefile: HUGE, other: UNKNOWN } })), "broken");
  });

  it("is not troubled by unknown text that has nothing to do with DNS", () => {
    assert.equal(outcome(judge("app", { data: { password: UNKNOWN } })), "holds");
    assert.equal(outcome(judge("app", { data: UNKNOWN })), "holds");
  });
});
