import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { type Corefile, parseCorefile } from "../../model/corefile/index.ts";

const folder = join("test", "fixtures", "corefiles");

/** The Corefiles that distributions ship, and a customised one, by file name. */
export const corefileFixtures: readonly (readonly [name: string, text: string])[] = readdirSync(folder).map(
  (name) => [name, readFileSync(join(folder, name), "utf8")],
);

/** Reads a Corefile that has no problems. */
export function readCorefile(text: string): Corefile {
  const { corefile, problems } = parseCorefile(text);
  if (!corefile || problems.length > 0) throw new Error(`${JSON.stringify(problems)} in\n${text}`);
  return corefile;
}

/** Any UTF-16 text, lone surrogates and control characters included. */
export const anyText: fc.Arbitrary<string> = fc
  .array(fc.integer({ min: 0, max: 0xffff }))
  .map((units) => String.fromCharCode(...units));

const eol = fc.constantFrom("\n", "\n", "\n\n", "\r\n", " # why\n", "\n\t# { not a block\n");
const indent = fc.constantFrom("", " ", "    ", "\t");
const word = fc.oneof(
  fc.stringMatching(/^[a-z0-9./:_-]{1,12}$/),
  fc.constantFrom('"two words"', '"with \\" and #"', "{$ENV}", "{%ENV%}", '""'),
);

/** Lines such as `cache 30 {`, with their blocks, comments and odd indentation. */
function lines(names: fc.Arbitrary<string>, inner?: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const line = fc
    .tuple(indent, names, fc.array(word, { maxLength: 3 }), eol, fc.option(inner ?? fc.constant("")), indent)
    .map(([before, name, args, end, block, close]) => {
      const head = before + [name, ...args].join(" ");
      return block === null || !inner ? head + end : `${head} {${end}${block}${close}}${end}`;
    });
  return fc.array(line, { maxLength: 5 }).map((all) => all.join(""));
}

const plugins = fc.constantFrom(
  "errors",
  "health",
  "ready",
  "kubernetes",
  "forward",
  "cache",
  "loop",
  "reload",
  "hosts",
  "rewrite",
  "log",
  "template",
);
const options = fc.constantFrom(
  "lameduck",
  "pods",
  "fallthrough",
  "ttl",
  "success",
  "denial",
  "disable",
  "policy",
  "max_concurrent",
  "except",
  "10.0.0.1",
);

const key = fc.constantFrom(".:53", ".", "corp.example:53", "a.example", "tls://b.example", "10.0.0.0/23");
const serverBlock = fc
  .tuple(fc.uniqueArray(key, { minLength: 1, maxLength: 2 }), eol, lines(plugins, lines(options)), eol)
  .map(([keys, start, body, end]) => `${keys.join(" ")} {${start}${body}}${end}`);

/** The text of a well-formed Corefile: any plugins and options, comments, quotes, variables, both line ends. */
export const corefileText: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom("", "# first\n", "\n\n", "\ufeff"), fc.array(serverBlock, { maxLength: 3 }))
  .map(([start, blocks]) => start + blocks.join(""));
