import { createHash } from "node:crypto";
import {
  dnsSettingsProblems,
  judgeCaches,
  judgeLoadable,
  mergeCorefile,
  parseCorefile,
  printCorefile,
  tunedCorefile,
} from "./corefile/index.ts";
import type { LiveCoreDns } from "./live.ts";
import { formatProblem, type Problem } from "./problem.ts";
import { parseQuantity } from "./quantity.ts";
import type { DnsSettings } from "./settings.ts";

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
function corefileToAdopt({ corefile, writtenHash, original }: LiveCoreDns): string {
  return writtenHash === corefileHash(corefile) && original !== undefined ? original : corefile;
}

/** Where the Corefile stands, for messages. */
const place = "kube-system/coredns";

/** The Corefile to serve, or what stands in its way; never both. */
export interface AdoptedCorefile {
  readonly corefile?: string | undefined;
  /** Hash of the Corefile that the tuning was laid over: the one to return to. */
  readonly originalHash: string;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/**
 * Lays the tuning over the cluster's Corefile: what others put there stays, and a result that would
 * not load, or whose caches outgrow CoreDNS' memory limit, is a problem.
 */
export function adoptCorefile(live: LiveCoreDns, settings: DnsSettings): AdoptedCorefile {
  const ours = { ...settings, coreDnsVersion: live.version };
  const original = corefileToAdopt(live);
  const originalHash = corefileHash(original);
  const found = parseCorefile(original, place);
  const before = [...dnsSettingsProblems(ours), ...found.problems];
  if (!found.corefile || before.length > 0) return { originalHash, problems: before, warnings: [] };

  const merged = mergeCorefile(found.corefile, tunedCorefile(ours));
  const memoryLimitBytes = live.memoryLimit === undefined ? undefined : parseQuantity(live.memoryLimit);
  const judgements = [
    judgeLoadable(merged.corefile, { version: live.version }),
    judgeCaches(merged.corefile, memoryLimitBytes === undefined ? {} : { memoryLimitBytes }),
  ];
  const problems = [...merged.problems, ...judgements.flatMap((judged) => judged.problems)];
  const unknowns = [...merged.unknowns, ...judgements.flatMap((judged) => judged.unknowns)];
  const warnings = [...new Set([...unknowns.map(formatProblem), ...reloadWarning(live)])];
  return problems.length > 0
    ? { originalHash, problems, warnings }
    : { corefile: printCorefile(merged.corefile), originalHash, problems, warnings };
}

/** Without the reload plugin a running CoreDNS goes on with what it loaded at its start. */
function reloadWarning({ corefile }: LiveCoreDns): string[] {
  return /^\s*reload\b/m.test(corefile)
    ? []
    : [`${place} has no reload so far: CoreDNS serves the new Corefile from its next restart on`];
}
