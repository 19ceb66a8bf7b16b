import { createContext } from "../../toolchain/context.ts";
import { existing } from "../../toolchain/existing.ts";
import { type ProgramName, programs } from "../../toolchain/programs.ts";

/** A chart's folder, where an earlier run has brought it; skips the test where none has. */
export async function cachedChart(context: Mocha.Context, name: ProgramName): Promise<string> {
  const program = programs.find((one) => one.name === name);
  const found = program && (await existing(program, createContext(), undefined, () => undefined));
  if (found) return found.path;
  console.log(`      skipped: ${name} is not in the cache; npm run tools brings it`);
  return context.skip();
}
