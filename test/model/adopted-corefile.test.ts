import assert from "node:assert/strict";
import { adoptCorefile, corefileHash } from "../../model/adopted-corefile.ts";
import type { LiveCoreDns } from "../../model/live.ts";
import { formatProblem } from "../../model/problem.ts";
import { stockCorefile } from "../support/live.ts";
import { settingsOf } from "../support/settings.ts";

const adopt = (live: LiveCoreDns, dns: object = {}) => adoptCorefile(live, settingsOf({ dns }).dns);
function corefileOf(live: LiveCoreDns, dns: object = {}): string {
  const { corefile, problems } = adopt(live, dns);
  assert.deepEqual(problems, []);
  assert.ok(corefile);
  return corefile;
}
const withStub = stockCorefile + "corp.example:53 {\n    forward . 10.9.9.9\n}\n";

describe("adoptCorefile()", () => {
  it("bounds the caches and the upstream queries", () => {
    const corefile = corefileOf({ corefile: stockCorefile });
    for (const line of [/success 9984 30/, /denial 9984 5/, /max_concurrent 1000/, /policy sequential/]) {
      assert.match(corefile, line);
    }
  });

  it("keeps what others put there", () => {
    assert.match(corefileOf({ corefile: withStub }), /corp\.example:53 \{\s+forward \. 10\.9\.9\.9\s+\}/);
  });

  it("changes nothing when it is laid over its own result", () => {
    const once = corefileOf({ corefile: withStub });
    assert.equal(corefileOf({ corefile: once }), once);
    assert.equal(corefileOf({ corefile: once, writtenHash: corefileHash(once), original: withStub }), once);
  });

  it("drops what the settings no longer ask for, as long as nobody else touched it", () => {
    const large = corefileOf({ corefile: stockCorefile }, { cache: { success: 16_384 } });
    const live = { corefile: large, writtenHash: corefileHash(large), original: stockCorefile };
    assert.equal(corefileOf(live), corefileOf({ corefile: stockCorefile }));
  });

  it("starts from the live Corefile when somebody changed it since", () => {
    const ours = corefileOf({ corefile: stockCorefile });
    const edited = ours + "corp.example:53 {\n    forward . 10.9.9.9\n}\n";
    const live = { corefile: edited, writtenHash: corefileHash(ours), original: stockCorefile };
    assert.match(corefileOf(live), /corp\.example:53/);
  });

  it("keeps an edit for good: it becomes the Corefile to return to", () => {
    const ours = corefileOf({ corefile: stockCorefile });
    const edited = ours + "corp.example:53 {\n    forward . 10.9.9.9\n}\n";
    const first = adopt({ corefile: edited, writtenHash: corefileHash(ours), original: stockCorefile });
    assert.equal(first.originalHash, corefileHash(edited));
    const written = first.corefile ?? "";
    const second = adopt({ corefile: written, writtenHash: corefileHash(written), original: edited });
    assert.equal(second.corefile, written);
    assert.equal(second.originalHash, first.originalHash);
  });

  it("fails fast only where the running CoreDNS knows how", () => {
    assert.match(
      corefileOf({ corefile: stockCorefile, version: "1.15.0" }),
      /failfast_all_unhealthy_upstreams/,
    );
    assert.doesNotMatch(corefileOf({ corefile: stockCorefile, version: "1.11.3" }), /failfast/);
    assert.doesNotMatch(corefileOf({ corefile: stockCorefile }), /failfast/);
  });

  it("refuses a Corefile that does not load, with its position", () => {
    const broken = stockCorefile.replace(/health \{[^}]*\}/, "health { lameduck 5s }");
    const [problem] = adopt({ corefile: broken }).problems;
    assert.ok(problem);
    assert.match(formatProblem(problem), /^kube-system\/coredns:3:/);
  });

  it("refuses caches that outgrow CoreDNS' memory limit", () => {
    const { problems, corefile } = adopt(
      { corefile: stockCorefile, memoryLimit: "170Mi" },
      { cache: { success: 60_000 } },
    );
    assert.equal(corefile, undefined);
    assert.match(problems.map(formatProblem).join("\n"), /170 ?MiB?/);
  });

  it("warns that a Corefile without reload waits for the next restart", () => {
    const { warnings } = adopt({ corefile: stockCorefile.replace("reload\n", "\n") });
    assert.deepEqual(warnings, [
      "kube-system/coredns has no reload so far: CoreDNS serves the new Corefile from its next restart on",
    ]);
  });
});
