import type { Block, Corefile, Directive, Line, Token } from "./types.ts";
import { tokensOf } from "./walk.ts";

/** Line end and indentation of a text, so that what is added looks like what is there. */
export interface Style {
  readonly eol: string;
  /** One step of indentation. */
  readonly step: string;
}

/** The style of a Corefile; four blanks and `\n` where it shows none. */
export function styleOf(corefile: Corefile): Style {
  const trivia = [...tokensOf(corefile)].map(({ before }) => before);
  const eol = [...trivia, corefile.after].some((text) => text.includes("\r\n")) ? "\r\n" : "\n";
  for (const item of corefile.items) {
    if (item.kind === "import") continue;
    const step = item.lines.map((line) => indentOf(firstToken(line))).find(Boolean);
    if (step !== undefined) return { eol, step };
  }
  return { eol, step: "    " };
}

/** The word that a line starts with. */
export function firstToken(line: Line): Token {
  return line.kind === "import" ? line.keyword : line.name;
}

/** Blanks between the start of a token's line and the token; undefined when another word stands there. */
export function indentOf({ before }: Token): string | undefined {
  const lineStart = before.lastIndexOf("\n");
  return lineStart < 0 ? undefined : before.slice(lineStart + 1);
}

/** The same line with other words around it: the first token's leading text replaced. */
export function withBefore(line: Line, before: string): Line {
  if (line.kind === "import") return { ...line, keyword: { ...line.keyword, before } };
  return { ...line, name: { ...line.name, before } };
}

/** A line as the style has it, whatever it looked like; comments within it are left out. */
export function restyle(line: Line, indent: string, { eol, step }: Style): Line {
  const [start, inner] = [eol + indent, indent + step];
  const spaced = (token: Token): Token => ({ ...token, before: " " });
  const first = withBefore(line, start);
  if (first.kind === "import") return { ...first, target: spaced(first.target) };
  const { args, block } = first;
  return {
    ...first,
    args: args.map(spaced),
    block: block && {
      open: spaced(block.open),
      lines: block.lines.map((each) => restyle(each, inner, { eol, step })),
      close: { ...block.close, before: start },
    },
  };
}

/** A directive's block with each option and its brace on lines of their own. Comments stay. */
export function unfolded(directive: Directive, indent: string, { eol, step }: Style): Directive {
  const { block } = directive;
  if (!block || block.lines.length === 0) return directive;
  const ownLine = (line: Line): Line =>
    indentOf(firstToken(line)) === undefined ? withBefore(line, eol + indent + step) : line;
  const close = indentOf(block.close) === undefined ? { ...block.close, before: eol + indent } : block.close;
  return { ...directive, block: { ...block, lines: block.lines.map(ownLine), close } };
}

/** A new token, to stand after a blank. */
export function word(text: string, before = " "): Token {
  return { text, raw: text, before, at: { line: 0, column: 0 } };
}

/**
 * Adds lines at the end of some others.
 * @param trailing - the text behind the last line so far, before what closes them
 * @returns the lines, and the text that is left before what closes them
 */
export function appendLines(
  lines: readonly Line[],
  added: readonly Line[],
  trailing: string,
  indent: string,
  style: Style,
): { readonly lines: readonly Line[]; readonly trailing: string } {
  const [first, ...rest] = added;
  if (!first) return { lines, trailing };
  const { kept, left } = splitTrailing(trailing, style.eol);
  const restyled = rest.map((line) => restyle(line, indent, style));
  const opening = restyle(first, indent, style);
  return {
    lines: [...lines, withBefore(opening, kept + firstToken(opening).before), ...restyled],
    trailing: left,
  };
}

/** Comments behind a line stay behind it; the last line end and the indentation belong to what follows. */
export function splitTrailing(
  trailing: string,
  eol: string,
): { readonly kept: string; readonly left: string } {
  const lineStart = trailing.lastIndexOf("\n");
  if (lineStart < 0) return { kept: "", left: eol };
  const end = trailing.slice(0, lineStart).replace(/\r$/, "");
  return { kept: end.trimEnd() === "" ? "" : end, left: trailing.slice(end.length) };
}

/** A block for a directive that has none yet, ready for {@link appendLines}. */
export function emptyBlock(indent: string, { eol }: Style): Block {
  return { open: word("{"), lines: [], close: word("}", eol + indent) };
}
