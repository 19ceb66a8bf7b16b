import type { Style } from "./terminal.ts";

/** The demo's steps as they are told: a line each, with number, title, seconds and result. */
export class Steps {
  readonly #style: Style;
  #count = 0;

  constructor(style: Style) {
    this.#style = style;
  }

  /**
   * Runs a step and prints its line when it is done; on a terminal, its head before.
   * @param say what came of it
   */
  async run<T>(title: string, body: () => Promise<T>, say: (result: T) => string): Promise<T> {
    const began = Date.now();
    const head = `${++this.#count}  ${title.padEnd(26)}`;
    if (process.stdout.isTTY) process.stdout.write(`${head}…`);
    const result = await body();
    const seconds = `${((Date.now() - began) / 1000).toFixed(1)} s`.padStart(7);
    const erase = process.stdout.isTTY ? "\r\u001b[K" : "";
    console.log(`${erase}${this.#style.bold(head)}${this.#style.dim(seconds)}  ${say(result)}`);
    return result;
  }
}
