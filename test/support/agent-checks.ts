import assert from "node:assert/strict";
import { agentProblems, agentWarnings } from "../../model/cilium/agent-checks/index.ts";
import type { Values } from "../../model/cilium/merge-values.ts";
import { formatProblem } from "../../model/problem.ts";
import { type Settings, settingsSchema } from "../../model/settings.ts";
import { minimal } from "./settings.ts";

/** The chart whose agent the checks are held against, and the newest. */
const provenChart = "1.15.19";
export const newChart = "1.20.2";

/** Settings with values of the chart, before any rule across keys has looked at them. */
export const unjudged = (values: Values, version = provenChart, cluster: Values = {}): Settings =>
  settingsSchema.parse({ cluster: { ...minimal.cluster, ...cluster }, cilium: { version, values } });

export const lines = (judge: typeof agentProblems, settings: Settings): string[] =>
  judge(settings).map(formatProblem);

/** A test for each set of values that is to pass. */
export function takes(cases: readonly [what: string, values: Values, version?: string][]): void {
  for (const [what, values, version] of cases) {
    it(`takes ${what}`, () => {
      assert.deepEqual(lines(agentProblems, unjudged(values, version)), []);
    });
  }
}

/** A test for each set of values that is to be refused, with what is said of it below `cilium.values`. */
export function refuses(
  cases: readonly [what: string, values: Values, problem: string, version?: string][],
): void {
  for (const [what, values, problem, version] of cases) {
    it(`refuses ${what}`, () => {
      const settings = unjudged(values, version);
      assert.deepEqual(lines(agentProblems, settings), [`cilium.values.${problem}`]);
      assert.deepEqual(lines(agentWarnings, settings), []);
    });
  }
}

/** A test for each set of values that passes with a warning. */
export function warns(
  cases: readonly [what: string, values: Values, warning: string, version?: string][],
): void {
  for (const [what, values, warning, version] of cases) {
    it(`tells of ${what}, and refuses nothing`, () => {
      const settings = unjudged(values, version);
      assert.deepEqual(lines(agentWarnings, settings), [`cilium.values.${warning}`]);
      assert.deepEqual(lines(agentProblems, settings), []);
    });
  }
}
