import { lastLine } from "./lexer.ts";
import type { Corefile, Directive, Token } from "./types.ts";
import { directivesOf, tokensOfLine } from "./walk.ts";

/** A block whose closing brace stands on the line of its last option, as in `health { lameduck 5s }`. */
export interface OneLineBlock {
  readonly directive: Directive;
  /** The option that shares its line with the brace. */
  readonly option: Directive;
  readonly brace: Token;
  /**
   * What CoreDNS makes of it: `refused` (it does not start), `misread` (the option gets `}` as one
   * more argument), `harmless` (the option looks at a fixed number of arguments). Seen with CoreDNS 1.15.0.
   */
  readonly effect: "refused" | "misread" | "harmless";
}

/** Options that read so many arguments one by one; what follows on their line is the next option. */
const oneByOne = new Map<string, number>([
  ["errors stacktrace", 0],
  ["forward doh_method", 1],
  ["forward expire", 1],
  ["forward max_age", 1],
  ["forward max_concurrent", 1],
  ["forward max_connect_attempts", 1],
  ["forward max_fails", 1],
  ["forward max_idle_conns", 1],
  ["forward policy", 1],
  ["forward read_timeout", 1],
  ["forward source_address", 1],
  ["forward tls_servername", 1],
]);

/** Options that take all words of their line, but look at so many of them. */
const lookAtFirst = new Map<string, number>([
  ["cache denial", 3],
  ["cache success", 3],
  ["kubernetes endpoint", 1],
  ["kubernetes ignore", 1],
  ["kubernetes startup_timeout", 1],
  ["kubernetes ttl", 1],
]);

/** Options that take any number of names, and so a zone or namespace `}`, too. */
const listOptions = new Set([
  "cache disable",
  "forward except",
  "kubernetes fallthrough",
  "kubernetes namespaces",
]);

/** Plugins that refuse `}` as an argument of each of their other options. */
const strictPlugins = new Set([
  "cache",
  "errors",
  "forward",
  "health",
  "kubernetes",
  "loadbalance",
  "log",
  "prometheus",
  "ready",
]);

/** Finds the blocks that close on the line of an option. */
export function oneLineBlocks(corefile: Corefile): OneLineBlock[] {
  const found: OneLineBlock[] = [];
  for (const [directive] of directivesOf(corefile)) {
    const option = directive.block?.lines.at(-1);
    // A nested block's own brace shields the outer one; an import takes one word and refuses more.
    if (!directive.block || option?.kind !== "directive" || option.block) continue;
    const last = [...tokensOfLine(option)].at(-1);
    const brace = directive.block.close;
    if (!last || lastLine(last) < brace.at.line) continue;
    found.push({ directive, option, brace, effect: effectOf(directive, option) });
  }
  return found;
}

function effectOf({ name }: Directive, option: Directive): OneLineBlock["effect"] {
  const words = [option.name, ...option.args].map(({ text }) => text);
  while (words.length > 0) {
    const reads = oneByOne.get(`${name.text} ${words[0] ?? ""}`);
    if (reads === undefined || reads >= words.length) break;
    words.splice(0, 1 + reads);
  }
  const [last, ...args] = words;
  if (last === undefined) return "harmless";
  const key = `${name.text} ${last}`;
  if (lookAtFirst.has(key) && args.length >= (lookAtFirst.get(key) ?? 0)) return "harmless";
  return strictPlugins.has(name.text) && !listOptions.has(key) ? "refused" : "misread";
}
