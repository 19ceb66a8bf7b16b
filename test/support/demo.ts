import { rmSync } from "node:fs";
import { stopDataPlane } from "../../sandbox/data-plane/index.ts";
import { folderOf } from "../../sandbox/data-plane/options.ts";
import { start } from "./processes.ts";

/** A demo of these tests' own, beside one that somebody runs in this checkout. */
const name = `test-${process.pid}`;

/** Where it is while it runs. */
export const demoFolder = folderOf({ name: `demo-${name}` });

/** Starts the demo, without a terminal and without colours. */
export function startDemo(...args: readonly string[]): ReturnType<typeof start> {
  const argv = ["--import", "tsx", "sandbox/demo/main.ts", "--name", name, ...args];
  return start(process.execPath, argv, { env: { ...process.env, NO_COLOR: "1" } });
}

/** Ends what a failed test has left. */
export async function endDemo(): Promise<void> {
  await stopDataPlane(demoFolder);
  rmSync(demoFolder, { recursive: true, force: true });
}
