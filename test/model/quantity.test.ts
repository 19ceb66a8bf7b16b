import assert from "node:assert/strict";
import fc from "fast-check";
import { formatMebibytes, parseQuantity } from "../../model/quantity.ts";

describe("parseQuantity()", () => {
  const vectors: readonly [string | number, number | undefined][] = [
    ["170Mi", 178_257_920],
    ["1Gi", 1_073_741_824],
    ["500M", 500_000_000],
    ["64GiB", 68_719_476_736],
    ["512MiB", 536_870_912],
    ["500 MB", 500_000_000],
    ["8 GiB", 8_589_934_592],
    ["1.5Gi", 1_610_612_736],
    ["0.1Gi", 107_374_183],
    [".5Mi", 524_288],
    ["5.Mi", 5_242_880],
    ["128974848", 128_974_848],
    ["128974848000m", 128_974_848],
    ["1500m", 2],
    ["129e6", 129_000_000],
    ["1E3", 1000],
    ["1E", 1e18],
    ["64k", 64_000],
    ["64K", 64_000],
    ["64Ki", 65_536],
    ["+1Ki", 1024],
    ["0", 0],
    [1024, 1024],
    [0.5, 1],
    ["", undefined],
    ["Mi", undefined],
    ["-1Mi", undefined],
    [-1, undefined],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    ["1mi", undefined],
    ["1ki", undefined],
    ["100B", 100],
    ["1.2.3Gi", undefined],
    ["1 000Mi", undefined],
    ["1Zi", undefined],
    ["lots", undefined],
  ];
  for (const [text, bytes] of vectors) {
    it(`reads ${typeof text === "string" ? JSON.stringify(text) : text} as ${bytes ?? "no amount"}`, () =>
      assert.equal(parseQuantity(text), bytes));
  }

  it("never throws and never returns a fraction or a negative", () =>
    fc.assert(
      fc.property(fc.string(), (text) => {
        const bytes = parseQuantity(text);
        assert.ok(bytes === undefined || (Number.isInteger(bytes) && bytes >= 0));
      }),
    ));
});

describe("formatMebibytes()", () => {
  it("rounds up to whole MiB", () => {
    assert.equal(formatMebibytes(178_257_920), "170Mi");
    assert.equal(formatMebibytes(178_257_921), "171Mi");
    assert.equal(formatMebibytes(0), "0Mi");
  });

  it("is read back as the same amount", () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 24 }), (mebibytes) =>
        assert.equal(parseQuantity(formatMebibytes(mebibytes * 2 ** 20)), mebibytes * 2 ** 20),
      ),
    ));
});
