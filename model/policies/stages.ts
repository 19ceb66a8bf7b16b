import { audits, keepsOptions } from "../cilium/audit.ts";
import { settledValues } from "../cilium/values.ts";
import { firstFew } from "../live-nodes.ts";
import type { Problem } from "../problem.ts";
import type { NamespaceSettings, Settings } from "../settings.ts";
import { atPath } from "../tree.ts";
import type { Flow, Peer } from "./flow.ts";
import { resolveFlows } from "./flows.ts";

/** How far a namespace is on the way to default-deny. */
export type Stage = NamespaceSettings["stage"];

/** Names of the namespaces in a stage, in the order of the settings. */
export const inStage = ({ namespaces }: Pick<Settings, "namespaces">, stage: Stage): string[] =>
  namespaces.filter((namespace) => namespace.stage === stage).map(({ name }) => name);

/** The settings of the namespaces that get policies: flows of the others still count, for their other side. */
export const withPolicies = (settings: Settings): Settings => ({
  ...settings,
  namespaces: settings.namespaces.filter(({ stage }) => stage !== "observe"),
});

/**
 * What is wrong with the stages: an audit that nobody makes would deny, and one that somebody makes lets
 * everything pass, in every namespace.
 */
export function stageProblems(settings: Settings): Problem[] {
  const { cilium, namespaces } = settings;
  const first = namespaces.findIndex(({ stage }) => stage === "audit");
  if (first >= 0) {
    const path = `namespaces[${first}].stage`;
    if (settings.calico.enabled) return [noAudit(path, "Calico enforces every NetworkPolicy")];
    if (!cilium.enabled) return [noAudit(path, "The datapath is left to others (cilium.enabled: false)")];
  }
  if (!cilium.enabled) return [];
  const release = { chartVersion: cilium.version, values: settledValues(cilium) };
  if (first >= 0 && !audits(release)) return [offByHand(settings)];
  if (!audits(release)) return [];
  return [
    ...(keepsOptions(release) ? [kept] : []),
    ...openedProblems(settings, first),
    ...requestProblems(settings),
  ];
}

/** What an audit means for the cluster, and a consent that nothing needs. */
export function stageWarnings(settings: Settings): string[] {
  const { cilium, policies } = settings;
  const release = { chartVersion: cilium.version, values: settledValues(cilium) };
  if (!cilium.enabled || !audits(release)) {
    return policies.auditWholeCluster
      ? [
          "policies.auditWholeCluster is on and nothing audits: take it out, or the next audit opens all unseen",
        ]
      : [];
  }
  const enforced = inStage(settings, "enforce");
  const audited = inStage(settings, "audit");
  const open =
    enforced.length > 0 ? `; open meanwhile although they are to be enforced: ${firstFew(enforced, 10)}` : "";
  return [
    `Audit is on in the whole cluster, for Cilium has one switch for it: no policy denies anything, whoever wrote it${open}. ${
      audited.length > 0 ? `Audited: ${firstFew(audited, 10)}. ` : ""
    }What would be denied: \`hubble observe --verdict AUDIT\` (docs/policies-stages.md)`,
  ];
}

const noAudit = (path: string, why: string): Problem => ({
  path,
  message: `audit: ${why}, so the policies would deny at once`,
  remedy: "use stage: observe, which writes nothing and reports what enforcement would break",
});

/** Cilium's own ways to say it, the last word first. */
const byHand = ["values.extraConfig.policy-audit-mode", "values.policyAuditMode", "policyAuditMode"];

const saidIn = ({ cilium }: Settings): string =>
  `cilium.${byHand.find((path) => atPath(cilium, path) !== undefined) ?? "policyAuditMode"}`;

const offByHand = (settings: Settings): Problem => ({
  path: saidIn(settings),
  message: `Turns audit off, and policies of namespaces in stage audit (${firstFew(inStage(settings, "audit"))}) would deny at once`,
  remedy: "leave it out: the stages decide",
});

const kept: Problem = {
  path: "cilium.values.extraConfig.keep-config",
  message:
    "true keeps the options of pods that run when their agent restarts: an audit would not come to them, and policies would deny",
  remedy: "take it out in a deployment before",
};

/** Enforced namespaces that an audit would open. */
function openedProblems(settings: Settings, first: number): Problem[] {
  const enforced = inStage(settings, "enforce");
  if (enforced.length === 0 || settings.policies.auditWholeCluster) return [];
  return [
    {
      path: first >= 0 ? `namespaces[${first}].stage` : saidIn(settings),
      message: `An audit is the whole cluster's in Cilium: nothing would be denied in ${firstFew(enforced)} either, to be enforced by ${enforced.length === 1 ? "its stage" : "their stages"}`,
      remedy: `use stage: observe, which reports without opening anything, or agree by policies.auditWholeCluster: true${
        first >= 0 ? "" : "; or take this out"
      }`,
    },
  ];
}

/** Requests are judged by the proxy, which knows no audit. @see docs.cilium.io, Creating Policies from Verdicts */
function requestProblems(settings: Settings): Problem[] {
  const audited = new Set(inStage(settings, "audit"));
  const observed = new Set(inStage(settings, "observe"));
  const declared = new Set(settings.namespaces.map(({ name }) => name));
  const namespaceOf = (end: Peer): string | undefined => (end.kind === "pods" ? end.namespace : undefined);
  // Requests are read where they arrive, unless no policy is there.
  const reads = ({ from, to }: Flow): string => {
    const arrives = namespaceOf(to) ?? "";
    return declared.has(arrives) && !observed.has(arrives) ? arrives : (namespaceOf(from) ?? "");
  };
  const concerned = resolveFlows(settings).flows.filter(
    (flow) => flow.http !== undefined && audited.has(reads(flow)),
  );
  return [...new Set(concerned.map(({ path }) => path))].map((path) => ({
    path: `${path}.http`,
    message: "Cilium's proxy refuses other requests in an audit, too: audit covers addresses and ports only",
    remedy: "leave http out until the namespace is enforced, or use stage: observe",
  }));
}
