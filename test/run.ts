/**
 * All tests: `npm test`. Arguments choose files by a part of their path (`npm test -- corefile`).
 * Ends with the line `N passed, N failed`, with `, N skipped` where some were.
 *
 * The tests on the data plane run in a process of their own beside the others: both wait much,
 * for roll-outs and for what times out. Their output comes after that of the others.
 */
import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import Mocha from "mocha";

interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Files of a process that was started for them alone follow this argument. */
const alone = "--files";

async function main(args: readonly string[]): Promise<void> {
  if (args[0] === alone) {
    finish(await run(args.slice(1)));
    return;
  }
  const files = globSync("test/**/*.test.ts")
    .filter((file) => args.length === 0 || args.some((part) => file.includes(part)))
    .sort();
  if (files.length === 0) {
    console.error(`No test file has ${args.join(" or ")} in its path`);
    process.exitCode = 1;
    return;
  }
  const below = (folder: string) => files.filter((file) => file.startsWith(folder));
  const [engine, plane] = [below("test/engine/"), below("test/data-plane/")];
  // The slow ones, on the real engine, come last.
  const others = [...files.filter((file) => ![...engine, ...plane].includes(file)), ...engine];
  const groups = [others, plane].filter((group) => group.length > 0);
  if (groups.length === 1) {
    finish(await run(groups.flat()));
    return;
  }
  const beside = runBeside(plane);
  const own = await run(others);
  const { output, tally } = await beside;
  console.log(output);
  finish(sum(own, tally));
}

/** Runs test files in this process. */
function run(files: readonly string[]): Promise<Tally> {
  const mocha = new Mocha({ timeout: 10_000, forbidOnly: process.env.CI !== undefined, slow: 2_000 });
  for (const file of files) mocha.addFile(file);
  return new Promise((resolve) => {
    const runner = mocha.run((failed) => {
      const { passes = 0, pending = 0 } = runner.stats ?? {};
      resolve({ passed: passes, failed, skipped: pending });
    });
  });
}

/** Runs test files in a process of their own, which ends with this one. */
async function runBeside(files: readonly string[]): Promise<{ output: string; tally: Tally }> {
  const child = spawn(process.execPath, [...process.execArgv, __filename, alone, ...files], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  }
  await new Promise((resolve) => child.once("close", resolve));
  const found = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$/m.exec(output);
  // One that ended without a word has failed.
  const [passed = 0, failed = 1, skipped = 0] =
    found?.slice(1).map((text: string | undefined) => Number(text ?? 0)) ?? [];
  return { output: output.replace(found?.[0] ?? "", ""), tally: { passed, failed, skipped } };
}

const sum = (one: Tally, other: Tally): Tally => ({
  passed: one.passed + other.passed,
  failed: one.failed + other.failed,
  skipped: one.skipped + other.skipped,
});

function finish({ passed, failed, skipped }: Tally): void {
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  process.exitCode = failed > 0 ? 1 : 0;
}

void main(process.argv.slice(2));
