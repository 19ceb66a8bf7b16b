import { quoteLog } from "../control-plane/error.ts";

/** What went wrong with a data plane, with the log's last lines when a log tells more. */
export class DataPlaneError extends Error {
  override readonly name = "DataPlaneError";

  /**
   * @param what one sentence with the given value, then the remedy after a colon
   * @param log  path of the log to read next; its last lines are quoted
   */
  constructor(what: string, log?: string) {
    super(log === undefined ? what : `${what}\n${quoteLog(log)}`);
  }
}
