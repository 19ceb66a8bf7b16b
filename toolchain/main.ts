// Prints where the external programs are, after finding or building them:
// node toolchain/bootstrap.mjs toolchain/main.ts [names...]
import { ensureTools, type ProgramName, programs, ToolError } from "./index.ts";

async function main(names: readonly string[]): Promise<void> {
  const known = programs.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name as ProgramName));
  if (unknown.length > 0) {
    throw new ToolError(`Unknown program ${unknown.join(", ")}: known are ${known.join(", ")}`);
  }
  const tools = await ensureTools(names.length > 0 ? { only: names as ProgramName[] } : {});
  const rows = tools.programs.map(({ name, version, origin, path }) => [name, version, origin, path]);
  for (const line of alignColumns([["program", "version", "origin", "path"], ...rows])) console.log(line);
  console.log(`\nfor PATH: ${tools.bin}`);
}

function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof ToolError ? error.message : error);
  process.exitCode = 1;
});
