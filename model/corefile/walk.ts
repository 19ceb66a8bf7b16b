import type { Corefile, Directive, Item, Line, Token } from "./types.ts";

/** All words in the order of the text. */
export function* tokensOf({ items }: Pick<Corefile, "items">): Generator<Token> {
  for (const item of items) yield* tokensOfItem(item);
}

function* tokensOfItem(item: Item): Generator<Token> {
  if (item.kind === "import") {
    yield* [item.keyword, item.target];
    return;
  }
  yield* item.kind === "snippet" ? [item.key] : item.keys;
  if (item.open) yield item.open;
  for (const line of item.lines) yield* tokensOfLine(line);
  if (item.close) yield item.close;
}

/** The words of one directive or import, its block included. */
export function* tokensOfLine(line: Line): Generator<Token> {
  if (line.kind === "import") {
    yield* [line.keyword, line.target];
    return;
  }
  yield* [line.name, ...line.args];
  if (!line.block) return;
  yield line.block.open;
  for (const inner of line.block.lines) yield* tokensOfLine(inner);
  yield line.block.close;
}

/** A directive, the directive whose block it stands in, and so on, innermost first. */
export type DirectivePath = readonly [Directive, ...Directive[]];

/** Every directive and option, with the directives around it. */
export function* directivesOf({ items }: Pick<Corefile, "items">): Generator<DirectivePath> {
  for (const item of items) {
    if (item.kind !== "import") for (const line of item.lines) yield* nested(line, []);
  }
}

function* nested(line: Line, around: readonly Directive[]): Generator<DirectivePath> {
  if (line.kind === "import") return;
  const path: DirectivePath = [line, ...around];
  yield path;
  for (const inner of line.block?.lines ?? []) yield* nested(inner, path);
}
