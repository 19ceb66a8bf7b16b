/**
 * Draws what a terminal shows as an SVG, from standard input to standard output; with arguments, from the
 * first line that contains the one to the first after it that contains the other:
 * `FORCE_COLOR=1 npm run --silent demo | node --import tsx docs/terminal-svg.ts Before: Exactly > docs/demo.svg`
 */
import { text } from "node:stream/consumers";

const [lineHeight, charWidth, margin] = [19, 7.83, 24];
const colours: Readonly<Record<string, string>> = {
  31: "#ff7b72",
  32: "#7ee787",
  33: "#e3b341",
  36: "#79c0ff",
};
const foreground = "#e6edf3";
const dimmed = "#8b949e";

interface Span {
  readonly column: number;
  readonly text: string;
  readonly colour: string;
  readonly bold: boolean;
}

/** An SVG of a terminal's text with its ANSI colours. */
function terminalSvg(lines: readonly string[]): string {
  const longest = Math.max(...lines.map((line) => line.replace(/\u001b\[\d+m/g, "").length));
  const width = Math.ceil(longest * charWidth) + 2 * margin;
  const height = lines.length * lineHeight + 2 * margin + 24;
  const rows = lines.map((line, i) => {
    const y = 2 * margin + 16 + i * lineHeight;
    return spans(line)
      .map(({ column, text: part, colour, bold }) => {
        const x = (margin + column * charWidth).toFixed(1);
        const weight = bold ? ' font-weight="bold"' : "";
        const length = (part.length * charWidth).toFixed(1);
        return `<text x="${x}" y="${y}" fill="${colour}"${weight} textLength="${length}">${escaped(part)}</text>`;
      })
      .join("");
  });
  const buttons = ["#ff5f57", "#febc2e", "#28c840"].map(
    (c, i) => `<circle cx="${margin + i * 20}" cy="22" r="6" fill="${c}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="100%" height="100%" rx="10" fill="#0d1117"/>`,
    buttons.join(""),
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13">`,
    ...rows.filter((row) => row !== ""),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

/** Cuts a line where its colours change, and at wide gaps: viewers do not agree on keeping spaces. */
function spans(line: string): Span[] {
  const found: Span[] = [];
  let [column, colour, bold] = [0, foreground, false];
  for (const part of line.split(/(\u001b\[\d+m)/)) {
    const code = /^\u001b\[(\d+)m$/.exec(part)?.[1];
    if (code === undefined) {
      for (const { index, 0: words } of part.matchAll(/\S+(?: \S+)*/g)) {
        found.push({ column: column + index, text: words, colour, bold });
      }
      column += part.length;
    } else if (code === "1") bold = true;
    else if (code === "2") colour = dimmed;
    else if (code === "22") [bold, colour] = [false, colour === dimmed ? foreground : colour];
    else colour = colours[code] ?? foreground;
  }
  return found;
}

const escaped = (part: string): string =>
  part.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/** The lines from the one that contains `first` to the one that contains `last`; without them, all. */
function between(output: string, first = "", last?: string): string[] {
  const lines = output.replace(/\n+$/, "").split("\n");
  const from = lines.findIndex((line) => line.includes(first));
  const to =
    last === undefined ? lines.length - 1 : lines.findIndex((line, i) => i >= from && line.includes(last));
  if (from < 0 || to < 0) throw new Error(`No line contains ${from < 0 ? first : (last ?? "")}`);
  return lines.slice(from, to + 1);
}

void text(process.stdin).then((output) =>
  process.stdout.write(terminalSvg(between(output, ...process.argv.slice(2)))),
);
