#!/usr/bin/env node
// Runs a script of this project from a fresh clone: a Node that fits, the packages of
// package-lock.json, then the script. Plain JavaScript that Node 20 understands, without
// dependencies, because it runs before there are any.
//
//   node toolchain/bootstrap.mjs <script.ts|command> [arguments...]
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Complaint } from "./bootstrap/complaint.mjs";
import { ensureModules } from "./bootstrap/modules.mjs";
import { ensureNode } from "./bootstrap/node.mjs";
import { run } from "./bootstrap/run.mjs";

const checkout = dirname(dirname(fileURLToPath(import.meta.url)));
const log = (line) => process.stderr.write(`${line}\n`);

try {
  const [target, ...args] = process.argv.slice(2);
  if (target === undefined) {
    throw new Complaint("usage: node toolchain/bootstrap.mjs <script.ts|command> [arguments...]");
  }
  const node = await ensureNode({ log });
  await ensureModules(checkout, log);
  process.exitCode = await run(node, checkout, target, args);
} catch (error) {
  if (!(error instanceof Complaint)) throw error;
  log(error.message);
  process.exitCode = 1;
}
