/** What has to be undone when the demo ends, however it ends. */
export class Ending {
  readonly #undo: (() => void | Promise<void>)[] = [];
  #running?: Promise<void>;
  #isForced = false;

  /** True once a signal ends the demo: what breaks from then on is no news. */
  get isForced(): boolean {
    return this.#isForced;
  }

  /** Adds what is to be undone; the last added comes first. */
  add(undo: () => void | Promise<void>): void {
    this.#undo.unshift(undo);
  }

  /** Waits for something that is to be stopped at the end, also when the end comes before it has started. */
  async start<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> {
    this.add(async () => {
      const started = await starting.catch(() => undefined);
      await started?.stop();
    });
    const started = await starting;
    // Nobody goes on with what is being stopped.
    if (this.#isForced) await new Promise(() => undefined);
    return started;
  }

  /** Undoes all of it, once. */
  run(): Promise<void> {
    return (this.#running ??= this.#undoAll());
  }

  /** From now on a signal undoes everything, then ends this process. */
  onSignal(): void {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        if (this.#isForced) return;
        this.#isForced = true;
        console.log("\nStopping …");
        void this.run().finally(() => process.exit(signal === "SIGINT" ? 130 : 143));
      });
    }
  }

  async #undoAll(): Promise<void> {
    for (let undo = this.#undo.shift(); undo; undo = this.#undo.shift()) await undo();
  }
}
