import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ControlPlaneError, messageOf } from "./error.ts";
import type { Layout } from "./layout.ts";
import { isAlive } from "./process-identity.ts";
import type { ProcessIdentity } from "./process-identity.ts";

/** Whose a control plane's folder is: `owner.json`. */
export interface OwnerRecord {
  /** Tells this run from an earlier or later one in the same folder. */
  readonly id: string;
  readonly name: string;
  /** The process that started it. */
  readonly owner: ProcessIdentity;
  /** Cut loose from its owner: only the supervisor counts. */
  readonly detached?: boolean;
  readonly supervisor?: ProcessIdentity;
  readonly children?: readonly ProcessIdentity[];
  readonly server?: string;
  readonly context?: string;
}

export const newId = (): string => randomBytes(6).toString("hex");

/** The folder's record; undefined when it has none. */
export function readRecord(layout: Layout): OwnerRecord | undefined {
  return readJson(layout.owner);
}

/** Replaces the record, whole or not at all. */
export function writeRecord(layout: Layout, record: OwnerRecord): void {
  const draft = draftOf(layout, record);
  renameSync(draft, layout.owner);
}

/**
 * Whether a record speaks of something that must not be touched: a control plane
 * that runs for somebody, or one that is being started.
 */
export function isLive(record: OwnerRecord): boolean {
  const running = record.supervisor !== undefined && isAlive(record.supervisor);
  if (record.detached === true) return running;
  return isAlive(record.owner) && (running || record.supervisor === undefined);
}

/**
 * Makes the folder ours alone, or tells whose it is. Creating the record is one
 * atomic step, so of two processes that try at once exactly one succeeds.
 * @returns undefined when it is ours now; otherwise the record that stands there
 * @throws ControlPlaneError when the folder cannot be used, or holds what no control plane left there
 */
export function claim(layout: Layout, record: OwnerRecord): OwnerRecord | undefined {
  try {
    mkdirSync(layout.folder, { recursive: true, mode: 0o700 });
    refuseForeign(layout);
    const draft = draftOf(layout, record);
    try {
      linkSync(draft, layout.owner);
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      // Gone again means given up at this very moment: nobody's, so ask once more.
      return readRecord(layout) ?? claim(layout, record);
    } finally {
      rmSync(draft, { force: true });
    }
  } catch (error) {
    if (error instanceof ControlPlaneError) throw error;
    throw new ControlPlaneError(
      `The folder ${layout.folder} cannot be used (${messageOf(error)}): choose another one`,
    );
  }
}

/**
 * Takes a dead run's record out of the way, so that the folder can be claimed.
 * @returns false when somebody else was faster
 */
export function retire(layout: Layout, record: OwnerRecord): boolean {
  const retired = retiredName(layout, record.id);
  try {
    renameSync(layout.owner, retired);
  } catch {
    return false;
  }
  if (readJson(retired)?.id === record.id) return true;
  // A faster one had retired it and claimed the folder: what was moved is theirs.
  renameSync(retired, layout.owner);
  return false;
}

/** Removes what is in a folder of ours, except the record and, if wanted, the logs. */
export function empty(layout: Layout, keepLogs: boolean): void {
  for (const entry of readdirSync(layout.folder)) {
    const path = join(layout.folder, entry);
    if (path === layout.owner || (keepLogs && path === layout.logs)) continue;
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Gives the folder up: the record goes last, so that a crash on the way leaves a claimable folder. */
export function release(layout: Layout, record: OwnerRecord, keepLogs: boolean): void {
  if (readRecord(layout)?.id !== record.id) return;
  empty(layout, keepLogs);
  rmSync(layout.owner, { force: true });
  if (readdirSync(layout.folder).length === 0) rmSync(layout.folder, { recursive: true });
}

/** A folder that others use for something else is not ours to empty. */
function refuseForeign(layout: Layout): void {
  const entries = readdirSync(layout.folder).filter((entry) => !entry.startsWith(draftPrefix));
  const ours = entries.some((entry) => entry === "owner.json" || entry.startsWith(retiredPrefix));
  const foreign = entries.filter((entry) => join(layout.folder, entry) !== layout.logs);
  if (!ours && foreign.length > 0) {
    throw new ControlPlaneError(
      `The folder ${layout.folder} holds ${foreign.slice(0, 3).join(", ")} and no control plane's record: ` +
        "choose an empty or a new one",
    );
  }
}

const draftPrefix = "owner.draft-";
const retiredPrefix = "owner.retired-";

const retiredName = (layout: Layout, id: string): string =>
  join(layout.folder, `${retiredPrefix}${id}-${newId()}.json`);

function draftOf(layout: Layout, record: OwnerRecord): string {
  const draft = join(layout.folder, `${draftPrefix}${newId()}`);
  writeFileSync(draft, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 });
  return draft;
}

function readJson(file: string): OwnerRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as OwnerRecord;
  } catch {
    return undefined;
  }
}
