import assert from "node:assert/strict";
import fc from "fast-check";
import { directionOf, pathProblems } from "../../../model/cilium/upgrade-path.ts";
import { formatProblem } from "../../../model/problem.ts";

describe("pathProblems()", () => {
  const allowed: [from: string, to: string, why: string][] = [
    ["1.16.5", "1.16.5", "the same version"],
    ["1.16.3", "1.16.5", "a newer patch"],
    ["1.16.5", "1.16.3", "an older patch"],
    ["1.15.19", "1.16.0", "the next minor"],
    ["1.13.9", "1.14.0", "the next minor, from one that is not known here"],
    ["1.16.5", "1.15.19", "one minor back"],
    ["1.19.0-rc.1", "1.20.2", "a pre-release"],
  ];
  for (const [from, to, why] of allowed) {
    it(`lets ${from} go to ${to}: ${why}`, () => assert.deepEqual(pathProblems(from, to), []));
  }

  const refused: [from: string, to: string, said: RegExp][] = [
    [
      "1.14.3",
      "1.16.5",
      /^cilium\.version: Cilium 1\.14\.3 is installed, and 1\.16\.5 skips 1\.15: .*: set the newest 1\.15\.x first, deploy, and go on from there to 1\.16\.5$/,
    ],
    ["1.14.0", "1.18.1", /skips 1\.15, 1\.16, 1\.17: .*1\.15\.x first, .* by 1\.16, 1\.17 to 1\.18\.1$/],
    ["1.20.2", "1.18.4", /1\.18\.4 is more than one minor version back.*: set the newest 1\.19\.x first/],
    ["main-abc", "1.20.2", /from or to chart version main-abc: it is no version 1\.x\.y/],
    ["1.20.2", "2.0.0", /from or to chart version 2\.0\.0/],
  ];
  for (const [from, to, said] of refused) {
    it(`does not let ${from} go to ${to}`, () => {
      const problems = pathProblems(from, to);
      assert.equal(problems.length, 1);
      assert.match(problems.map(formatProblem).join(), said);
    });
  }

  it("names a next version from which the way goes on", () => {
    const minor = fc.integer({ min: 10, max: 40 });
    fc.assert(
      fc.property(minor, minor, (a, b) => {
        let [from, steps] = [a, 0];
        for (; steps < 40; steps++) {
          const [problem] = pathProblems(`1.${from}.0`, `1.${b}.0`);
          if (!problem) break;
          from = Number(/1\.(\d+)\.x first/.exec(problem.remedy)?.[1]);
        }
        assert.equal(steps, Math.max(0, Math.abs(a - b) - 1));
      }),
    );
  });
});

describe("directionOf()", () => {
  const cases: [from: string, to: string, direction: string][] = [
    ["1.15.19", "1.16.0", "up"],
    ["1.16.0", "1.15.19", "down"],
    ["1.16.4", "1.16.10", "up"],
    ["1.16.4", "1.16.4", "same"],
    ["main", "1.16.4", "same"],
  ];
  for (const [from, to, direction] of cases) {
    it(`${from} to ${to} is ${direction}`, () => assert.equal(directionOf(from, to), direction));
  }
});
