import assert from "node:assert/strict";
import { oneLineBlocks, parseCorefile } from "../../../model/corefile/index.ts";

describe("oneLineBlocks()", () => {
  const effects: readonly [line: string, effect: string | undefined][] = [
    ["health { lameduck 5s }", "refused"],
    ["health { }", undefined],
    ["health {\n lameduck 5s\n }", undefined],
    ["ready { monitor continuously }", "refused"],
    ["errors { stacktrace }", "harmless"],
    ["errors { consolidate 5m x }", "refused"],
    ["cache { success 100 }", "refused"],
    ["cache { success 100 30 }", "refused"],
    ["cache { success 100 30 5 }", "harmless"],
    ["cache { disable success }", "misread"],
    ["forward . a { max_concurrent 1000 }", "harmless"],
    ["forward . a { max_fails 3 policy random }", "harmless"],
    ["forward . a { max_fails 3 force_tcp }", "refused"],
    ["forward . a { policy }", "refused"],
    ["forward . a { force_tcp }", "refused"],
    ["forward . a { except b }", "misread"],
    ["kubernetes a { pods insecure }", "refused"],
    ["kubernetes a { ttl 30 }", "harmless"],
    ["kubernetes a { fallthrough }", "misread"],
    ["hosts { fallthrough }", "misread"],
    ["hosts { x {\n y\n } }", undefined],
  ];
  for (const [line, effect] of effects) {
    it(`calls ${JSON.stringify(line)} ${effect ?? "no one-line block"}`, () => {
      const { corefile } = parseCorefile(`. {\n ${line}\n}`);
      assert.ok(corefile);
      assert.deepEqual(
        oneLineBlocks(corefile).map((each) => each.effect),
        effect ? [effect] : [],
      );
    });
  }
});
