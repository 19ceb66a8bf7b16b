import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * What a judge says to a question: a digit for each connection, 1 where the destination's ingress lets it through
 * plus 2 where the source's egress does; source by source, within it destination by destination, port by port.
 */
export interface Answer {
  readonly verdicts?: string;
  /** Why there are none. */
  readonly error?: string;
}

/** A running program of ours around somebody else's evaluator of policies: JSON lines in, JSON lines out. */
export interface Judge {
  /** All questions are put at once; answers come in their order. */
  readonly ask: (questions: readonly object[]) => Promise<Answer[]>;
  /** Lets it end, and waits for that. */
  readonly stop: () => Promise<void>;
}

/** @param program - path of `cyclonus` or `cilium-policies` (toolchain/programs) */
export function startJudge(program: string): Judge {
  const child = spawn(program, [], { stdio: ["pipe", "pipe", "inherit"] });
  const waiting: { readonly answer: (line: string) => void; readonly fail: (reason: Error) => void }[] = [];
  let over: Error | undefined;
  const fail = (reason: Error) => {
    over ??= reason;
    for (const one of waiting.splice(0)) one.fail(over);
  };
  createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()?.answer(line));
  const ended = new Promise<void>((resolve) => {
    child.once("close", (code) => {
      fail(new Error(`${program} has ended (${code ?? "killed"}): it answers no more`));
      resolve();
    });
  });
  child.once("error", fail);
  // What it did not read is told by its end.
  child.stdin.on("error", () => undefined);

  const put = async (question: object): Promise<Answer> => {
    if (over) throw over;
    const answer = new Promise<string>((resolve, reject) => {
      waiting.push({ answer: resolve, fail: reject });
    });
    child.stdin.write(`${JSON.stringify(question)}\n`);
    return JSON.parse(await answer) as Answer;
  };
  return {
    ask: (questions) => Promise.all(questions.map(put)),
    stop: () => {
      child.stdin.end();
      return ended;
    },
  };
}
