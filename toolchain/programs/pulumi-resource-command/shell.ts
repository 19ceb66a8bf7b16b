import { type ChildProcess, spawn } from "node:child_process";
import type { CommandInputs } from "./inputs.ts";

export interface Streams {
  readonly stdout: string;
  readonly stderr: string;
}

const running = new Set<ChildProcess>();

/** Ends the commands that run now. */
export function cancelAll(): void {
  for (const child of running) child.kill();
}

/**
 * Runs a command line as the inputs say and returns what it wrote, each without its
 * last line break. Its output is repeated on our stdout as `logging` says: the engine
 * shows that as status. Throws with all the output when the command fails.
 * @param previous what the last command of this resource wrote, for its environment
 */
export async function runShell(line: string, inputs: CommandInputs, previous?: Streams): Promise<Streams> {
  const [file, ...args] = inputs.interpreter?.length ? inputs.interpreter : ["/bin/sh", "-c"];
  const handedOn = inputs.addPreviousOutputInEnv === false ? undefined : previous;
  const env = {
    ...process.env,
    ...inputs.environment,
    ...(handedOn?.stdout && { PULUMI_COMMAND_STDOUT: handedOn.stdout }),
    ...(handedOn?.stderr && { PULUMI_COMMAND_STDERR: handedOn.stderr }),
  };
  const child = spawn(file ?? "", [...args, line], { cwd: inputs.dir, env });
  running.add(child);

  const kept = { stdout: "", stderr: "", both: "" };
  const logging = inputs.logging ?? "stdoutAndStderr";
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      kept[name] += chunk;
      kept.both += chunk;
      if (logging === name || logging === "stdoutAndStderr") process.stdout.write(chunk);
    });
  }
  // A command may end without reading what it is given.
  child.stdin.on("error", () => undefined);
  child.stdin.end(inputs.stdin ?? "");

  const ended = await new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) => resolve(code === 0 ? "" : `exit status ${code ?? signal ?? "?"}`));
  });
  running.delete(child);
  if (ended !== "") throw new Error(`${ended}: running ${JSON.stringify(line)}\n${kept.both}`);
  return { stdout: kept.stdout.replace(/\n$/, ""), stderr: kept.stderr.replace(/\n$/, "") };
}
