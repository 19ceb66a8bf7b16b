import type { Problem } from "../problem.ts";
import { gluedBraces, layoutProblems } from "./layout-problems.ts";
import { lastLine, tokenize } from "./lexer.ts";
import { place } from "./place.ts";
import type { Block, Corefile, Directive, Import, Item, Line, ServerBlock, Snippet, Token } from "./types.ts";

export interface ParsedCorefile {
  /** Absent when the text has no readable structure. */
  readonly corefile?: Corefile | undefined;
  /** What CoreDNS refuses, or reads otherwise than it looks. */
  readonly problems: Problem[];
}

/** No plugin nests more than two deep; a bound keeps every walk over the tree safe. */
const deepestNesting = 32;

/**
 * Reads a Corefile by the grammar of CoreDNS 1.15 (the first Caddyfile dialect). It is about words
 * and lines: a directive is a word and the words after it on its line, `{` opens a block wherever it
 * stands on the line, `}` closes the innermost one.
 *
 * Problems name `file:line:column`. With problems of structure there is no `corefile`; problems of
 * layout, such as `health { lameduck 5s }`, leave it readable. Names of plugins and their options
 * are not looked at: see {@link judgeLoadable}.
 *
 * @param file - name for messages
 * @see https://github.com/coredns/caddy/blob/v1.1.4/caddyfile/parse.go
 */
export function parseCorefile(text: string, file = "Corefile"): ParsedCorefile {
  const { tokens, after, unclosedQuote } = tokenize(text);
  if (unclosedQuote) {
    const message = "A quote opens here and is never closed";
    const remedy = 'close it with ", or drop it: only a word with blanks in it needs quotes';
    return { problems: [{ path: place(file, unclosedQuote), message, remedy }] };
  }
  const reader = new Reader(tokens);
  try {
    const corefile = { file, items: readItems(reader), after };
    return { corefile, problems: layoutProblems(corefile) };
  } catch (error) {
    if (!(error instanceof StructureError)) throw error;
    const { token, message, remedy } = error;
    return {
      problems: [{ path: place(file, token.at), message, remedy }, ...gluedBraces(file, tokens)],
    };
  }
}

class StructureError extends Error {
  readonly token: Token;
  readonly remedy: string;

  constructor(token: Token, message: string, remedy: string) {
    super(message);
    this.token = token;
    this.remedy = remedy;
  }
}

/** A cursor over the words. */
class Reader {
  private readonly tokens: readonly Token[];
  private index = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  peek(): Token | undefined {
    return this.tokens[this.index];
  }

  next(): Token | undefined {
    return this.tokens[this.index++];
  }

  /** The next word if it stands on the line of the last one. */
  peekOnLine(): Token | undefined {
    return this.startsLine() ? undefined : this.peek();
  }

  /** Whether the next word is the first of its line. */
  startsLine(): boolean {
    const [last, next] = [this.tokens[this.index - 1], this.peek()];
    return last === undefined || next === undefined || lastLine(last) < next.at.line;
  }
}

function readItems(reader: Reader): Item[] {
  const items: Item[] = [];
  const snippets = new Set<string>();
  for (let token = reader.peek(); token; token = reader.peek()) {
    if (token.text === "import" && reader.startsLine()) {
      items.push(readImport(reader));
      continue;
    }
    const item = readServerOrSnippet(reader);
    if (item.kind === "snippet") {
      if (snippets.has(item.name)) {
        throw new StructureError(
          item.key,
          `Snippet ${item.name} is defined a second time`,
          "give each snippet a name of its own",
        );
      }
      snippets.add(item.name);
    }
    items.push(item);
  }
  return items;
}

function readServerOrSnippet(reader: Reader): ServerBlock | Snippet {
  const keys = readKeys(reader);
  const [key] = keys;
  const isSnippet = keys.length === 1 && key?.text.startsWith("(") === true && key.text.endsWith(")");
  const open = reader.peek()?.text === "{" ? reader.next() : undefined;
  const what = isSnippet ? `Snippet ${key.text}` : `Server block ${keys.map(({ text }) => text).join(" ")}`;
  if (isSnippet && !open) {
    throw new StructureError(
      key,
      `${what} has no block`,
      "put { after its name, and } on a line after its content",
    );
  }

  const { lines, close } = readLines(reader, isSnippet ? "snippet" : "server", 0);
  if (open && !close) {
    throw new StructureError(open, `${what} is never closed`, "add } on a line of its own at its end");
  }
  if (!isSnippet) return { kind: "server", keys, open, lines, close };
  return { kind: "snippet", name: key.text.slice(1, -1), key, ...asBlock(open, lines, close) };
}

/** For blocks whose braces have been checked. */
function asBlock(open: Token | undefined, lines: readonly Line[], close: Token | undefined): Block {
  if (!open || !close) throw new Error("A block without braces");
  return { open, lines, close };
}

/** Zones up to `{` or the end of the line; after a comma the list goes on, on the next line, too. */
function readKeys(reader: Reader): Token[] {
  const keys: Token[] = [];
  let comma: Token | undefined;
  for (let token = reader.peek(); token && token.text !== "{"; token = reader.peek()) {
    if (keys.length > 0 && !comma && reader.startsLine()) return keys;
    if (comma && token.text === "import" && reader.startsLine()) break;
    keys.push(token);
    comma = token.text.endsWith(",") ? token : undefined;
    reader.next();
  }
  if (comma) {
    throw new StructureError(
      comma,
      `No zone follows the comma of "${comma.text}"`,
      "drop the comma, or name the next zone",
    );
  }
  const brace = reader.peek();
  if (keys.length === 0 && brace) {
    throw new StructureError(
      brace,
      "A block without a zone",
      "name the zones it serves before {, such as .:53",
    );
  }
  return keys;
}

type Level = "server" | "snippet" | "options";

/** Lines up to the brace that closes them, which is read, too, or to the end of the file. */
function readLines(
  reader: Reader,
  level: Level,
  depth: number,
): { lines: Line[]; close?: Token | undefined } {
  const lines: Line[] = [];
  for (let token = reader.peek(); token; token = reader.peek()) {
    if (token.text === "}") return { lines, close: reader.next() };
    const isImport = token.text === "import" && (level !== "options" || reader.startsLine());
    lines.push(isImport ? readImport(reader) : readDirective(reader, token, level, depth));
  }
  return { lines };
}

function readDirective(reader: Reader, name: Token, level: Level, depth: number): Directive {
  if (name.text === "{") {
    throw new StructureError(
      name,
      "A brace opens a block that belongs to nothing",
      "put { at the end of the line of the directive that the block belongs to",
    );
  }
  reader.next();
  const args: Token[] = [];
  for (let token = reader.peekOnLine(); token && token.text !== "{"; token = reader.peekOnLine()) {
    if (token.text === "}") {
      if (level !== "server") break;
      throw new StructureError(
        token,
        `The server block closes on the line of ${name.text}`,
        "put } on a line of its own",
      );
    }
    args.push(token);
    reader.next();
  }
  const open = reader.peek();
  if (open?.text !== "{") return { kind: "directive", name, args };

  if (depth >= deepestNesting) {
    throw new StructureError(
      open,
      `Blocks nest more than ${deepestNesting} deep`,
      "close the blocks around it",
    );
  }
  reader.next();
  const { lines, close } = readLines(reader, "options", depth + 1);
  if (!close) {
    throw new StructureError(
      open,
      `Block of ${name.text} is never closed`,
      "add } on a line of its own at its end",
    );
  }
  const trailing = reader.peekOnLine();
  if (trailing && trailing.text !== "}") {
    throw new StructureError(
      trailing,
      `"${trailing.text}" stands behind the brace that closes ${name.text}, where CoreDNS takes it for a second ${name.text}`,
      "put it on a line of its own",
    );
  }
  if (trailing && level === "server") {
    throw new StructureError(
      trailing,
      `The server block closes on the line of ${name.text}`,
      "put } on a line of its own",
    );
  }
  return { kind: "directive", name, args, block: { open, lines, close } };
}

function readImport(reader: Reader): Import {
  const keyword = reader.next();
  const target = reader.peekOnLine();
  if (!keyword) throw new Error("No import to read");
  if (!target || ["", "{", "}"].includes(target.text)) {
    throw new StructureError(keyword, "import names nothing", "name a snippet or a file after it");
  }
  reader.next();
  const extra = reader.peekOnLine();
  if (extra) {
    throw new StructureError(
      extra,
      `import takes one name, and "${extra.text}" stands behind it`,
      "write each import on a line of its own, and braces on theirs",
    );
  }
  return { kind: "import", keyword, target };
}
