/**
 * All tests: `npm test`. Arguments choose files by a part of their path (`npm test -- corefile`).
 * Ends with the line `N passed, N failed`, with `, N skipped` where some were.
 *
 * The quick tests share a process, and so do those with a common data plane. The others on a real engine or
 * a data plane have one for each file. Some processes run at a time: they wait much, for roll-outs and for
 * what times out. What a process says comes when it ends.
 */
import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import Mocha from "mocha";

interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Test files that run one after the other, in a process. */
type Batch = readonly string[];

/** Files of a process that was started for them alone follow this argument. */
const alone = "--files";

const dataPlane = "test/data-plane/";
/** These have a data plane in common, which lives in their process. */
const shared = `${dataPlane}shared/`;
const slow = [dataPlane, "test/engine/"];
/** Compares all eBPF and all mounts of this machine, so there may be no other data plane meanwhile. */
const watchesTheMachine = `${dataPlane}life.test.ts`;

/** Processor time is what there is least of here: a tenth less of it, for some memory and files. */
const thrifty = {
  // Programs in Go clean up their memory less often.
  GOGC: "400",
  // What Node compiled once is there for its next start; where Node would keep it by itself.
  NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache"),
};

async function main(args: readonly string[]): Promise<void> {
  for (const [name, value] of Object.entries(thrifty)) process.env[name] ??= value;
  if (args[0] === alone) {
    endWithParent();
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
  const single = slow.flatMap((folder) => files.filter((file) => file.startsWith(folder)));
  const quick = files.filter((file) => !single.includes(file));
  const batches = [quick, ...inOrder(single)].filter(({ length }) => length > 0);
  const tallies = batches.length === 1 ? [await run(batches.flat())] : await runSeveral(batches);
  finish(tallies.reduce(sum));
}

/** The one that others have to wait for comes first, or it would wait for all of them; then the longest. */
function inOrder(files: readonly string[]): Batch[] {
  const together = files.filter((file) => file.startsWith(shared));
  const apart = files.filter((file) => file !== watchesTheMachine && !together.includes(file));
  return [files.filter((file) => file === watchesTheMachine), together, ...apart.map((file) => [file])];
}

/** Runs batches side by side, one more than there are cores. */
async function runSeveral(batches: readonly Batch[]): Promise<Tally[]> {
  const waiting = [...batches];
  const running = new Map<Batch, Promise<void>>();
  const tallies: Tally[] = [];
  while (waiting.length > 0 || running.size > 0) {
    const next = waiting.findIndex((batch) => canRunBeside(batch, [...running.keys()]));
    if (next >= 0 && running.size <= availableParallelism()) {
      for (const batch of waiting.splice(next, 1)) {
        const ended = runBeside(batch).then(({ output, tally }) => {
          console.log(output);
          tallies.push(tally);
          running.delete(batch);
        });
        running.set(batch, ended);
      }
    } else await Promise.race(running.values());
  }
  return tallies;
}

function canRunBeside(batch: Batch, others: readonly Batch[]): boolean {
  const needsDataPlane = (one: Batch): boolean => one.some((file) => file.startsWith(dataPlane));
  const watches = (one: Batch): boolean => one.includes(watchesTheMachine);
  return !others.some(
    (other) => (watches(batch) && needsDataPlane(other)) || (watches(other) && needsDataPlane(batch)),
  );
}

/** Runs test files in this process. */
function run(files: Batch): Promise<Tally> {
  const mocha = new Mocha({ timeout: 10_000, forbidOnly: process.env.CI !== undefined, slow: 2_000 });
  for (const file of files) mocha.addFile(file);
  return new Promise((resolve) => {
    const runner = mocha.run((failed) => {
      const { passes = 0, pending = 0 } = runner.stats ?? {};
      resolve({ passed: passes, failed, skipped: pending });
    });
  });
}

/** Runs test files in a process of their own. */
async function runBeside(files: Batch): Promise<{ output: string; tally: Tally }> {
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

/** Ends this process when the one that started it has ended, however that came. */
function endWithParent(): void {
  process.once("disconnect", () => process.exit(1));
  // The listener alone would keep this process alive.
  process.channel?.unref();
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
