/** What stands between a user and the tools: `message` is meant to be printed alone, without a stack. */
export class ToolError extends Error {
  override readonly name = "ToolError";
}

const CANNOT_WRITE = new Set(["EACCES", "EPERM", "EROFS", "ENOTDIR"]);

/** The error code of Node's file and process functions, or "". */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/**
 * Runs `work`; when the file system forbids a write, throws a ToolError that names
 * the folder and the environment variable that chooses another one.
 */
export function explainReadOnly<T>(folder: string, variable: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!CANNOT_WRITE.has(codeOf(error))) throw error;
    throw new ToolError(
      `Cannot write in ${folder}: ${error instanceof Error ? error.message : String(error)}\n` +
        `  Set ${variable} to a folder you may write to.`,
    );
  }
}
