import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Complaint } from "./complaint.mjs";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs a script (by its ending) under `node` with tsx, or a command, with that Node
 * and the checkout's own commands first on PATH. Returns its exit code; when a signal
 * ended it, ends this process by the same signal.
 */
export async function run(node, checkout, target, args) {
  const env = {
    ...process.env,
    PATH: [dirname(node), join(checkout, "node_modules", ".bin"), process.env.PATH]
      .filter(Boolean)
      .join(delimiter),
  };
  const isScript = /\.[cm]?[jt]s$/.test(target);
  const [file, argv] = isScript ? [node, scriptArguments(checkout, target, args)] : [target, args];
  // The channel tells a script that this process is gone, even by SIGKILL (see follow.mjs).
  const stdio = ["inherit", "inherit", "inherit", ...(isScript ? ["ipc"] : [])];
  const child = spawn(file, argv, { env, stdio });

  // A terminal sends Ctrl-C to all of its foreground processes: the child has it already,
  // and a second one means "now, and never mind the cleaning up" to many programs.
  const atTerminal = Boolean(process.stdin.isTTY || process.stderr.isTTY);
  const handlers = SIGNALS.map((signal) => {
    const forward = () => {
      if (signal !== "SIGINT" || !atTerminal) child.kill(signal);
    };
    process.on(signal, forward);
    return [signal, forward];
  });
  const [code, signal] = await new Promise((settle, reject) => {
    child.once("error", (error) => {
      const reason = error.code === "ENOENT" ? "there is no such script or command" : error.message;
      reject(new Complaint(`Cannot run ${target}: ${reason}`));
    });
    child.once("exit", (...outcome) => settle(outcome));
  });
  for (const [name, handler] of handlers) process.off(name, handler);
  if (signal) {
    process.kill(process.pid, signal);
    // Should this process outlive it: the code that a shell would show.
    return 128 + constants.signals[signal];
  }
  return code;
}

function scriptArguments(checkout, script, args) {
  const tsx = createRequire(join(checkout, "package.json")).resolve("tsx");
  const follow = new URL("./follow.mjs", import.meta.url).href;
  return ["--import", follow, "--import", pathToFileURL(tsx).href, resolve(script), ...args];
}
