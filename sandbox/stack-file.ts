import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** The configuration of a stack file, without the project's name before each key. */
export function readStackFile(path: string): Record<string, unknown> {
  const { config } = parse(readFileSync(path, "utf8")) as { config: Record<string, unknown> };
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace(/^.*:/, ""), value]));
}
