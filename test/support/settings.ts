import { readSettings, type Settings } from "../../model/settings.ts";
import { formatProblem } from "../../model/problem.ts";

/** The smallest configuration that is valid. */
export const minimal = { cluster: { name: "test", nodes: 3 } };

/** Settings for a test; throws where they are not valid, which would be the test's own fault. */
export function settingsOf(raw: object): Settings {
  const { settings, problems } = readSettings({ ...minimal, ...raw });
  if (!settings) throw new Error(problems.map(formatProblem).join("\n"));
  return settings;
}

/** What readSettings says of a configuration, a line per problem. */
export function complaints(raw: object): string[] {
  return readSettings(raw).problems.map(formatProblem);
}
