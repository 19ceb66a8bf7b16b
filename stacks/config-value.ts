import type { Problem } from "../model/problem.ts";

/** A configuration value: objects and lists come as JSON where they were set on the command line. */
export function parseConfigValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** What is wrong with an encrypted value. */
export const secretProblem = (path: string): Problem => ({
  path,
  message: "Is a secret, and no setting of this program is one",
  remedy: "set it without --secret",
});
