import { goInteger } from "./go-values.ts";
import { hasVariable, normalZone } from "./keys.ts";
import type { Directive, Token } from "./types.ts";

/** What a `forward` directive says about its load. Read by {@link readForward}. */
export interface ForwardSettings {
  readonly directive: Directive;
  /** Zone whose names it forwards, `.` for all. */
  readonly from: string;
  readonly upstreams: readonly string[];
  /**
   * Upstream queries in flight; 0 and absent are both unlimited; undefined also where the number
   * is hidden in a variable or is none.
   */
  readonly maxConcurrent?: number | undefined;
  /** The argument of max_concurrent. */
  readonly maxConcurrentToken?: Token | undefined;
  /** Whether max_concurrent stands in a variable, so that nobody can say. */
  readonly isHidden: boolean;
}

/** Reads a `forward` directive: `forward FROM TO... { max_concurrent MAX; … }`. */
export function readForward(directive: Directive): ForwardSettings {
  const [from, ...upstreams] = directive.args;
  const option = (directive.block?.lines ?? []).findLast(
    (line) => line.kind === "directive" && line.name.text === "max_concurrent",
  );
  const token = option?.kind === "directive" ? option.args[0] : undefined;
  return {
    directive,
    from: normalZone(from?.text ?? "."),
    upstreams: upstreams.map(({ text }) => text),
    maxConcurrent: token && goInteger(token.text),
    maxConcurrentToken: token,
    isHidden: token !== undefined && hasVariable(token.text),
  };
}
