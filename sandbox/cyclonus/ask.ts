import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { forCyclonus } from "./differences.ts";
import type { Scene } from "./scene.ts";

export interface AskOptions {
  /** Puts the question as it stands, without what `differences.ts` does to it. */
  readonly asItStands?: boolean;
}

/**
 * What the program says to a scene: a digit for each of its `connections()`, 1 where the destination's ingress lets it
 * through plus 2 where the source's egress does.
 */
export interface Answer {
  readonly verdicts?: string;
  /** Why there are none. */
  readonly error?: string;
}

/** A running program `cyclonus` (toolchain/programs/cyclonus), an independent judge of NetworkPolicies. */
export interface Cyclonus {
  /** Answers come in the order of the scenes, all of them asked at once. */
  readonly ask: (scenes: readonly Scene[], options?: AskOptions) => Promise<Answer[]>;
  /** Lets it end, and waits for that. */
  readonly stop: () => Promise<void>;
}

export function startCyclonus(program: string): Cyclonus {
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
      fail(new Error(`cyclonus has ended (${code ?? "killed"}): it answers no more`));
      resolve();
    });
  });
  child.once("error", fail);
  // What it did not read is told by its end.
  child.stdin.on("error", () => undefined);

  const put = async (scene: Scene, options: AskOptions): Promise<Answer> => {
    if (over) throw over;
    const answer = new Promise<string>((resolve, reject) => {
      waiting.push({ answer: resolve, fail: reject });
    });
    child.stdin.write(`${JSON.stringify(question(scene, options))}\n`);
    return JSON.parse(await answer) as Answer;
  };
  return {
    ask: (scenes, options = {}) => Promise.all(scenes.map((scene) => put(scene, options))),
    stop: () => {
      child.stdin.end();
      return ended;
    },
  };
}

function question(scene: Scene, { asItStands = false }: AskOptions): object {
  return { ...scene, policies: asItStands ? scene.policies : forCyclonus(scene.policies) };
}
