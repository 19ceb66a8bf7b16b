export interface LockOptions {
  /** Called when waiting starts and every 30 s from then on, with who is waited for. */
  readonly onWait?: (line: string) => void;
  /** How long to wait at most, in milliseconds; 30 minutes by default. */
  readonly limitMs?: number;
}
/**
 * Runs `work` while no other process holds the lock `folder`; waits for a living
 * holder and takes over from a dead one. Throws when the lock is not had in time.
 */
export declare function withLock<T>(
  folder: string,
  what: string,
  work: () => T | Promise<T>,
  options?: LockOptions,
): Promise<T>;
/** A process's start time as text; "" when there is no such process. */
export declare function startOf(pid: number): string;
