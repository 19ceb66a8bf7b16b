/** Colours of a terminal; none where the output is no terminal or NO_COLOR is set. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

/** The style for an output. */
export function styleFor(coloured: boolean): Style {
  const code =
    (open: number, close: number) =>
    (text: string): string =>
      coloured ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    bold: code(1, 22),
    dim: code(2, 22),
    red: code(31, 39),
    green: code(32, 39),
    yellow: code(33, 39),
  };
}

/** Whether standard output shows colours. FORCE_COLOR turns them on in a pipe. */
export function isColoured(): boolean {
  if (process.env.NO_COLOR) return false;
  return process.stdout.isTTY || process.env.FORCE_COLOR === "1";
}

/** Lays a text out in lines of at most `width` characters, each after `indent`. */
export function wrap(text: string, indent: string, width = 100): string {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(/(?<=\S)\s+/)) {
      if (line !== "" && indent.length + line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else line = line === "" ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines.map((line) => `${indent}${line}`.trimEnd()).join("\n");
}

/** Rows in columns, each as wide as its widest cell. */
export function table(rows: readonly (readonly string[])[], indent = "  ", gap = "  "): string {
  const widths = rows.reduce<number[]>(
    (all, row) => row.map((cell, i) => Math.max(all[i] ?? 0, cell.length)),
    [],
  );
  return rows
    .map((row) => indent + row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(gap))
    .map((line) => line.trimEnd())
    .join("\n");
}
