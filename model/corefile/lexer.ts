import type { Position, Token } from "./types.ts";

export interface Tokens {
  readonly tokens: readonly Token[];
  /** Text after the last token. */
  readonly after: string;
  /** Where a quote opens that nothing closes; CoreDNS takes the rest of the file as one word. */
  readonly unclosedQuote?: Position | undefined;
}

/** What Go's `unicode.IsSpace` takes for a blank; JavaScript's `\s` differs in U+0085 and U+FEFF. */
const blank = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/**
 * Splits a Corefile into words as CoreDNS' lexer does. Its rules, where they surprise:
 * quotes count at the start of a word only, and `\"` is the only escape; `#` starts a comment
 * anywhere, but one glued to a word ends at the next blank, not at the end of the line; a
 * carriage return is skipped and splits nothing.
 *
 * @see https://github.com/coredns/caddy/blob/v1.1.4/caddyfile/lexer.go
 */
export function tokenize(source: string): Tokens {
  const tokens: Token[] = [];
  let line = 1;
  let lineStart = 0;
  let end = 0; // of the token before
  let i = source.startsWith("\ufeff") ? 1 : 0;

  const newLine = (index: number): void => {
    line++;
    lineStart = index + 1;
  };
  const push = (start: number, at: Position, text: string, stop: number): void => {
    tokens.push({ text, raw: source.slice(start, stop), before: source.slice(end, start), at });
    end = stop;
  };

  let comment = false;
  while (i < source.length) {
    const char = source.charAt(i);
    if (blank.test(char)) {
      if (char === "\n") {
        newLine(i);
        comment = false;
      }
      i++;
      continue;
    }
    if (comment || char === "#") {
      comment = true;
      i++;
      continue;
    }

    const at = { line, column: i - lineStart + 1 };
    if (char === '"') {
      const start = i++;
      let text = "";
      let closed = false;
      for (; i < source.length && !closed; i++) {
        const inner = source.charAt(i);
        if (inner === "\n") newLine(i);
        if (inner === '"') closed = true;
        else if (inner !== "\\") text += inner;
        else if (source.charAt(i + 1) === '"') text += source.charAt(++i);
        else if (source.charAt(i + 1) === "\\") text += "\\" + source.charAt(++i);
        else if (i + 1 < source.length) text += inner;
      }
      if (closed || text !== "") push(start, at, text, i);
      if (!closed) return { tokens, after: source.slice(end), unclosedQuote: at };
      continue;
    }

    const word = readWord(source, i);
    push(i, at, word.text, word.stop);
    i = word.stop;
  }
  return { tokens, after: source.slice(end) };
}

/** A word without quotes; a comment glued to it belongs to its raw text. */
function readWord(source: string, start: number): { text: string; stop: number } {
  let text = "";
  let comment = false;
  let stop = start;
  for (let i = start; i < source.length; i++) {
    const char = source.charAt(i);
    if (char === "\r") continue;
    if (blank.test(char)) break;
    comment ||= char === "#";
    if (!comment) text += char;
    stop = i + 1;
  }
  return { text, stop };
}

/** The line on which a token ends: a quoted one may hold line ends. */
export function lastLine(token: Token): number {
  return token.at.line + (token.text.split("\n").length - 1);
}
