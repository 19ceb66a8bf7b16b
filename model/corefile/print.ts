import type { Corefile, Line } from "./types.ts";
import { tokensOf, tokensOfLine } from "./walk.ts";

/**
 * Writes a Corefile. Words carry the text before them, so what was parsed and not changed comes back
 * byte for byte, comments, blank lines and line ends included.
 */
export function printCorefile(corefile: Corefile): string {
  let text = "";
  for (const { before, raw } of tokensOf(corefile)) text += before + raw;
  return text + corefile.after;
}

/** A directive on one line of prose, for messages: `cache 30 { success 9984 30; denial 9984 5 }`. */
export function describeLine(line: Line): string {
  if (line.kind === "import") return `import ${line.target.raw}`;
  const head = [line.name, ...line.args].map(({ raw }) => raw).join(" ");
  if (!line.block) return head;
  const inner = line.block.lines.map(describeLine).join("; ");
  return inner === "" ? head : `${head} { ${inner} }`;
}

/** Whether two lines say the same to CoreDNS: the same words in the same nesting. */
export function sameLine(a: Line, b: Line): boolean {
  const words = (line: Line): string => JSON.stringify([...tokensOfLine(line)].map(({ text }) => text));
  return words(a) === words(b);
}
