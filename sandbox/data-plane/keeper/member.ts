import { setTimeout as sleep } from "node:timers/promises";
import type { V1Container, V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import { messageOf } from "../../control-plane/error.ts";
import type { Container } from "./container.ts";
import type { Image } from "./images.ts";

/** How a member's program is started: the first time, and each time after it ended. */
export type Launch = (attempt: number) => Promise<Container>;

const longestPause = 10_000;

/** A container of a pod over its whole life: running, ended, started again, ready or not. */
export class Member {
  readonly spec: V1Container;
  /** Undefined for one that is only simulated. */
  readonly image: Image | undefined;
  readonly #going: AbortSignal;
  readonly #startedAt = new Date();
  #running?: Container;
  #restarts = 0;
  #isReady = false;
  #isDone = false;
  /** Why it does not run. */
  #waiting: string | undefined = "ContainerCreating";
  /** What ended it last. */
  #last?: { readonly exitCode: number; readonly finishedAt: Date; readonly message: string };

  /** @param going aborted when the pod is to go */
  constructor(spec: V1Container, image: Image | undefined, going: AbortSignal) {
    this.spec = spec;
    this.image = image;
    this.#going = going;
  }

  get isReady(): boolean {
    return this.#isReady;
  }
  /** Has ended, and is not to run again. */
  get isDone(): boolean {
    return this.#isDone;
  }
  get hasFailed(): boolean {
    return this.#isDone && this.#last?.exitCode !== 0;
  }
  get hasRun(): boolean {
    return this.#running !== undefined || (this.image === undefined && this.#isReady);
  }

  /**
   * Runs the program, and again when it ends, as the pod's restart policy says, more and
   * more slowly. One without an image only counts as ready.
   * @param lastWords what its log ends with
   * @param report called whenever something has changed
   */
  async keepRunning(
    { spec }: V1Pod,
    launch: Launch,
    lastWords: () => string,
    report: () => Promise<void>,
  ): Promise<void> {
    if (!this.image) {
      this.#waiting = undefined;
      this.#isReady = true;
      return;
    }
    while (!this.#isGoing()) {
      const exitCode = await this.#runOnce(launch);
      this.#isReady = false;
      this.#last = { exitCode, finishedAt: new Date(), message: lastWords() };
      if (this.#isGoing()) return;
      const policy = spec?.restartPolicy ?? "Always";
      this.#isDone = policy === "Never" || (policy === "OnFailure" && exitCode === 0);
      this.#waiting = "CrashLoopBackOff";
      await report();
      if (this.#isDone) return;
      const pause = Math.min(1000 * 2 ** this.#restarts, longestPause);
      await sleep(pause, undefined, { signal: this.#going }).catch(() => undefined);
      this.#restarts++;
    }
  }

  /** Asks whether it is ready, and remembers. */
  async look(isReady: () => Promise<boolean>): Promise<void> {
    if (this.image) this.#isReady = this.#running?.isRunning === true && (await isReady());
  }

  /** Ends it, if it runs. */
  async stop(graceSeconds: number): Promise<void> {
    await this.#running?.stop(graceSeconds);
  }

  get status(): V1ContainerStatus {
    const terminated = this.#last && {
      ...this.#last,
      reason: this.#last.exitCode === 0 ? "Completed" : "Error",
    };
    return {
      name: this.spec.name,
      image: this.spec.image ?? "",
      imageID: this.image ? "" : "simulated",
      ready: this.#isReady,
      started: this.#waiting === undefined,
      restartCount: this.#restarts,
      state: this.#isDone ? { ...(terminated && { terminated }) } : this.#present(),
      ...(!this.#isDone && terminated && { lastState: { terminated } }),
    };
  }

  #present(): NonNullable<V1ContainerStatus["state"]> {
    if (this.#waiting !== undefined) return { waiting: { reason: this.#waiting } };
    return { running: { startedAt: this.#running?.startedAt ?? this.#startedAt } };
  }

  #isGoing(): boolean {
    return this.#going.aborted;
  }

  async #runOnce(launch: Launch): Promise<number> {
    try {
      this.#running = await launch(this.#restarts);
    } catch (error) {
      console.error(`${this.spec.name}: ${messageOf(error)}`);
      return 128;
    }
    this.#waiting = undefined;
    return this.#running.ended;
  }
}
