import assert from "node:assert/strict";
import { goDuration, goInteger } from "../../../model/corefile/go-values.ts";

describe("goInteger()", () => {
  const vectors: readonly [text: string, value: number | undefined][] = [
    ["9984", 9984],
    ["-1", -1],
    ["+5", 5],
    ["007", 7],
    ["", undefined],
    ["1e3", undefined],
    ["1_000", undefined],
    ["0x10", undefined],
    ["1.5", undefined],
    ["unbounded", undefined],
    ["99999999999999999999", undefined],
  ];
  for (const [text, value] of vectors) {
    it(`reads "${text}" as ${value ?? "no integer"}`, () => assert.equal(goInteger(text), value));
  }
});

describe("goDuration()", () => {
  const vectors: readonly [text: string, seconds: number | undefined][] = [
    ["30s", 30],
    ["1h", 3600],
    ["1h30m", 5400],
    ["1.5h", 5400],
    [".5m", 30],
    ["100ms", 0.1],
    ["-5s", -5],
    ["+5s", 5],
    ["0", 0],
    ["30", undefined],
    ["s", undefined],
    ["1d", undefined],
    ["1 h", undefined],
    ["", undefined],
    ["}", undefined],
  ];
  for (const [text, seconds] of vectors) {
    it(`reads "${text}" as ${seconds ?? "no duration"}`, () => assert.equal(goDuration(text), seconds));
  }
});
