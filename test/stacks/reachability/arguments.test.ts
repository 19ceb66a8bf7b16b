import assert from "node:assert/strict";
import { formatProblem } from "../../../model/problem.ts";
import { type Arguments, readArguments } from "../../../stacks/reachability/arguments.ts";

function asked(...args: string[]): Arguments {
  const read = readArguments(args);
  assert.ok("asked" in read, JSON.stringify(read));
  return read.asked;
}
const refusal = (...args: string[]): string => {
  const read = readArguments(args);
  return "problems" in read ? read.problems.map(formatProblem).join("\n") : "";
};

describe("readArguments()", () => {
  it("knows where manifests come from by their words", () =>
    assert.deepEqual(
      asked("a.yaml", "-", "cluster:x", "stack:dev", "./cluster", "--from-cluster", "--context", "y").sources,
      [
        { kind: "cluster", context: "y" },
        { kind: "path", path: "a.yaml" },
        { kind: "stdin" },
        { kind: "cluster", context: "x" },
        { kind: "stack", stack: "dev" },
        { kind: "path", path: "./cluster" },
      ],
    ));

  it("takes what is compared from options, several of each", () => {
    const { before, after, failOn } = asked("--before", "a", "--before", "b", "--after", "cluster");
    assert.deepEqual(
      [before.length, after, failOn],
      [2, [{ kind: "cluster", context: undefined }], "changes"],
    );
  });

  it("gives its help where it is asked for", () => assert.deepEqual(readArguments(["-h"]), { help: true }));

  const wrong: [args: string[], said: RegExp][] = [
    [[], /^command line: Nothing to read is named: give files/],
    [["a", "--form", "x"], /--form'?: did you mean --from\?$/],
    [["a", "--dialect", "calico"], /^--dialect: calico is none of its words: use one of cilium, kubernetes$/],
    [["a", "--fail-on", "open"], /^--fail-on: open is none of its words: did you mean opens\?$/],
    [["-", "--after", "-"], /^-: The standard input is there once/],
    [["--after", "x"], /^--before: A comparison needs two sides/],
    [["--before", "x"], /^--after: A comparison needs two sides/],
    [["a", "--after", "x", "--from", "y"], /^--before, --after: A comparison is of all flows/],
    [["a", "--from", "x", "--port", "1"], /^--port: A port alone is no question/],
    [["a", "--context", "x"], /^--context: No cluster is read/],
  ];
  for (const [args, said] of wrong) {
    it(`says what is wrong with "${args.join(" ")}"`, () => assert.match(refusal(...args), said));
  }
});
