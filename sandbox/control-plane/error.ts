import { readFileSync } from "node:fs";

/** What went wrong with a control plane, with the log's last lines when a log tells more. */
export class ControlPlaneError extends Error {
  override readonly name = "ControlPlaneError";

  /**
   * @param what one sentence with the given value, then the remedy after a colon
   * @param log  path of the log to read next; its last lines are quoted
   */
  constructor(what: string, log?: string) {
    super(log === undefined ? what : `${what}\n${quoteLog(log)}`);
  }
}

/** The message of anything that was thrown. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);

/** A text file, or nothing when there is no such file. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** The last `count` lines of a text file that are not empty. */
export function lastLines(file: string, count = 8): string[] {
  return textOf(file)
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-count);
}

/** The last lines of a log, indented under the sentence that they explain. */
export function quoteLog(file: string): string {
  const lines = lastLines(file);
  if (lines.length === 0) return `  (${file} is empty)`;
  return [`  ${file} ends with:`, ...lines.map((line) => `  | ${line.slice(0, 240)}`)].join("\n");
}
