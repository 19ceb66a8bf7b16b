import { formatProblem } from "../model/problem.ts";
import { readStackFile as read } from "../stacks/stack-file.ts";

/**
 * The configuration of a stack file, without the project's name before each key.
 * @throws Error where there is none, or it cannot be read
 */
export function readStackFile(path: string): Readonly<Record<string, unknown>> {
  const { config, problems } = read(path);
  if (!config) throw new Error(problems.map(formatProblem).join("\n"));
  return config;
}
