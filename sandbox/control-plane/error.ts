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

/** The last `count` lines of a text file, or none when there is no such file. */
export function lastLines(file: string, count = 8): string[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return [];
  }
  return text.trimEnd().split("\n").slice(-count);
}

function quoteLog(file: string): string {
  const lines = lastLines(file).filter((line) => line !== "");
  if (lines.length === 0) return `  (${file} is empty)`;
  return [`  ${file} ends with:`, ...lines.map((line) => `  | ${line.slice(0, 400)}`)].join("\n");
}
