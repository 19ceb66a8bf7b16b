import type { Problem } from "../problem.ts";
import { lastLine } from "./lexer.ts";
import { oneLineBlocks } from "./one-line.ts";
import { inTextOrder, place } from "./place.ts";
import type { Corefile, Token } from "./types.ts";
import { directivesOf, tokensOf } from "./walk.ts";

/**
 * What is structured well enough to be read, but not by CoreDNS as it looks: blocks on one line,
 * and braces that are glued to a word or stand on the wrong line.
 */
export function layoutProblems(corefile: Corefile): Problem[] {
  return inTextOrder([
    ...oneLineProblems(corefile),
    ...braceOnNextLine(corefile),
    ...strayBraces(corefile),
    ...gluedBraces(corefile.file, tokensOf(corefile)),
  ]);
}

function oneLineProblems(corefile: Corefile): Problem[] {
  return oneLineBlocks(corefile).flatMap(({ directive, option, brace, effect }) => {
    if (effect === "harmless") return [];
    const got = [...option.args.map(({ text }) => text), "}"].join(" ");
    const outcome = effect === "refused" ? " and does not load" : "";
    return [
      {
        path: place(corefile.file, brace.at),
        message:
          `The block of ${directive.name.text} closes on the line of ${option.name.text}, ` +
          `so CoreDNS reads "${got}" as the arguments of ${option.name.text}${outcome}`,
        remedy: `write ${[option.name, ...option.args].map(({ raw }) => raw).join(" ")} and } on a line each`,
      },
    ];
  });
}

function braceOnNextLine(corefile: Corefile): Problem[] {
  const problems: Problem[] = [];
  for (const [{ name, args, block }] of directivesOf(corefile)) {
    if (!block || lastLine(args.at(-1) ?? name) >= block.open.at.line) continue;
    problems.push({
      path: place(corefile.file, block.open.at),
      message: `The block of ${name.text} opens on another line, where CoreDNS takes { for a second ${name.text}`,
      remedy: `put { at the end of the line of ${name.text}`,
    });
  }
  return problems;
}

/** A closing brace too many opens a server for a zone of that name, and CoreDNS loads it. */
function strayBraces({ file, items }: Corefile): Problem[] {
  return items
    .flatMap((item) => (item.kind === "server" ? item.keys : []))
    .filter(({ text }) => text === "}")
    .map(({ at }) => ({
      path: place(file, at),
      message: "} closes nothing here, and CoreDNS takes it for the name of a zone",
      remedy: "remove it, or find the { that it belongs to",
    }));
}

/** Braces that the lexer leaves in a word: `{}`, `health{`, `5s}`. Quoted words say what they mean. */
export function gluedBraces(file: string, tokens: Iterable<Token>): Problem[] {
  const problems: Problem[] = [];
  for (const { text, raw, at } of tokens) {
    if (raw.startsWith('"')) continue;
    const path = place(file, at);
    if (text === "{}") {
      const message = "CoreDNS takes {} for a word, not for an empty block";
      problems.push({ path, message, remedy: "leave it out, or put a blank between the braces" });
    } else if (/^[^{}]+[{}]$/.test(text)) {
      const [word, brace] = [text.slice(0, -1), text.slice(-1)];
      const message = `CoreDNS reads ${text} as one word, and its ${brace} neither opens nor closes a block`;
      const where = brace === "{" ? `put a blank before it: ${word} {` : "put it on a line of its own";
      problems.push({ path, message, remedy: where });
    }
  }
  return problems;
}
