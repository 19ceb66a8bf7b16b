import { formatProblem } from "../model/problem.ts";
import { ClusterError, firstLine } from "./cluster-error.ts";

/** Runs the body of a script that the engine starts; an error becomes its last line and exit code 1. */
export function runScript(body: () => Promise<void>): void {
  body().catch((error: unknown) => {
    console.error(error instanceof ClusterError ? formatProblem(error.problem) : firstLine(error));
    process.exitCode = 1;
  });
}
