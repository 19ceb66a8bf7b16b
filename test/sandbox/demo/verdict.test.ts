import assert from "node:assert/strict";
import { faultsOf, summaryOf } from "../../../sandbox/demo/verdict.ts";
import { after, afterBut, before } from "./attempts.ts";

const nothingTold = { egress: [], ingress: [] };

describe("faultsOf()", () => {
  it("finds none where exactly the declared flows pass", () => {
    assert.deepEqual(faultsOf(after), []);
  });

  for (const [fault, over] of [
    [
      "shop/web → internet TCP 80: it passes, and no flow declares it",
      { "shop/web → internet": { isOpen: true, outcome: "open" } },
    ],
    [
      "shop/web → db TCP 5432: it is declared, and a policy denies it on ingress",
      {
        "shop/web → db": {
          isOpen: false,
          outcome: "timeout",
          decision: { ...nothingTold, deniedOn: "ingress" as const },
        },
      },
    ],
    [
      "shop/db → DNS UDP+TCP 53: it is declared, and it ends in SERVFAIL",
      { "shop/db → DNS": { isOpen: false, outcome: "SERVFAIL", decision: nothingTold } },
    ],
    [
      "lab/stranger → internet TCP 80: the stack has no say in it, and it ends in refused",
      { "lab/stranger → internet": { isOpen: false, outcome: "refused", decision: nothingTold } },
    ],
    [
      "shop/db → web TCP 8080: it ends in timeout, and Hubble saw no policy deny it",
      { "shop/db → web": { decision: nothingTold } },
    ],
    [
      "shop/web → db TCP 5432: it passes, and Hubble names no policy that allows it",
      { "shop/web → db": { decision: nothingTold } },
    ],
  ] as const) {
    it(`says "${fault}"`, () => {
      assert.deepEqual(faultsOf(afterBut(over)), [fault]);
    });
  }
});

describe("summaryOf()", () => {
  it("counts what was open before and what is now, DNS apart", () => {
    assert.equal(
      summaryOf(before, after),
      "Exactly the declared flows pass: 9 of 9 connections were open before, 2 are now, " +
        "1 declared and 1 that the stack has no say in",
    );
  });
});
