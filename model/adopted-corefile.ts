import { createHash } from "node:crypto";
import type { LiveCoreDns } from "./live.ts";

/** ConfigMap in kube-system that keeps the Corefile as it was found. */
export const corefileBackupName = "coredns-before-cluster-network";

/** Annotation on the coredns ConfigMap with the hash of the Corefile that we wrote. */
export const corefileHashAnnotation = "cluster-network/corefile-sha256";

/** Hash that tells whether a Corefile is still the one that was written. */
export function corefileHash(corefile: string): string {
  return createHash("sha256").update(corefile).digest("hex");
}

/**
 * The Corefile that our tuning is laid over: the original while ours stands untouched, so that what
 * we no longer set disappears; the live one when somebody changed it since, so that nothing is lost.
 */
export function corefileToAdopt({ corefile, writtenHash, original }: LiveCoreDns): string {
  return writtenHash === corefileHash(corefile) && original !== undefined ? original : corefile;
}
