/**
 * Runs scripts of package.json side by side, as many at a time as there are cores, and prints what each said
 * when it ends: `node toolchain/at-once.mjs <script>...`, the longest first. Fails if one of them does.
 */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";

const waiting = process.argv.slice(2);

/** @param {string} script */
function run(script) {
  return new Promise((resolve) => {
    const npm = spawn(`npm run --silent ${script}`, { shell: true, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [npm.stdout, npm.stderr]) {
      stream.setEncoding("utf8").on("data", (/** @type {string} */ text) => (output += text));
    }
    npm.once("close", (code) => {
      console.log(`${code === 0 ? "passed" : "FAILED"}: npm run ${script}\n${output}`.trimEnd());
      if (code !== 0) process.exitCode = 1;
      resolve(undefined);
    });
  });
}

async function worker() {
  for (let script = waiting.shift(); script !== undefined; script = waiting.shift()) await run(script);
}

await Promise.all(Array.from({ length: availableParallelism() }, worker));
