import * as pulumi from "@pulumi/pulumi";
import { formatProblem, type Problem } from "../model/problem.ts";

/**
 * Ends the program with a readable list and without a stack trace, before anything is deployed.
 * @param what - what the problems were found in
 */
export function refuse(what: string, problems: readonly Problem[]): never {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.map((problem) => `  - ${formatProblem(problem)}`);
  throw new pulumi.RunError(`${what} has ${count}; nothing was deployed:\n${lines.join("\n")}`);
}
