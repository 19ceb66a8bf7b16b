import type { DatapathEffect } from "./index.ts";
import type { EffectiveValues } from "./effective.ts";
import {
  asLongAsSet,
  breaks,
  type Facet,
  missedWhenOff,
  onOff,
  untilRecreated,
  untilRolled,
} from "./facet.ts";

/** Labels that make an identity; charts from 1.18 add the service account to a list of one's own. */
function identityLabels({ minor, text }: EffectiveValues): string {
  const labels = text("labels");
  if (labels === "") return "the default ones";
  return minor >= 18 ? `${labels} and the service account` : labels;
}

/** Whether policies select pods of other clusters where they do not name one; only asked in a mesh. */
function clusterOfPolicies(values: EffectiveValues): string {
  if (!inMesh(values)) return "one";
  const given = values.given("clustermesh.policyDefaultLocalCluster");
  const local =
    given === undefined ? values.minor >= 19 : values.isOn("clustermesh.policyDefaultLocalCluster");
  return local ? "the local one" : "all";
}

/** Whether the cluster is, or may be, part of a ClusterMesh. */
const inMesh = ({ isOn, text }: EffectiveValues): boolean =>
  isOn("clustermesh.useAPIServer") ||
  isOn("clustermesh.config.enabled") ||
  !["", "0"].includes(text("cluster.id"));

const identitiesChange =
  "pods get new identities, and nodes that know an identity and nodes that do not yet judge the same traffic differently: what policies allow is dropped for a while";

const enforcement = "policy enforcement";
const auditOnly = "audit only";
const byDefault = "default";

/** Whether all that a change does is to begin an audit, or to end it. */
export const isAuditAlone = ({ what, from, to }: Pick<DatapathEffect, "what" | "from" | "to">): boolean =>
  what === enforcement && [from, to].sort().join() === [auditOnly, byDefault].join();

/** Who may talk to whom. */
export const policyFacets: readonly Facet[] = [
  {
    what: enforcement,
    keys: ["policyEnforcementMode", "policyAuditMode"],
    of: ({ text, isOn }) =>
      isOn("policyAuditMode") ? auditOnly : text("policyEnforcementMode").toLowerCase(),
    change: (from, to) =>
      to === "never" || to === auditOnly || (from === "always" && to === byDefault)
        ? {
            traffic: to === byDefault ? "all pods that no policy selects" : "all pods under a policy",
            why: "traffic that is denied now will pass",
            lasts: asLongAsSet,
            needsConsent: true,
          }
        : {
            traffic:
              to === "always" ? "all pods, those that no policy selects too" : "all pods under a policy",
            why: `what no policy allows is dropped from now on${from === auditOnly ? ", connections that are open too: until now it was only logged" : ""}`,
            lasts: asLongAsSet,
            needsConsent: true,
          },
    source: "docs.cilium.io, Policy Enforcement Modes; Policy Audit Mode",
  },
  {
    what: "the host firewall",
    keys: ["hostFirewall.enabled"],
    of: ({ isOn }) => onOff(isOn("hostFirewall.enabled")),
    change: (_, to) => ({
      traffic: "connections to and from the nodes themselves",
      why:
        to === "on"
          ? "host policies that are in the cluster already are enforced from now on, and may cut off kubelet and SSH"
          : "host policies are no longer enforced",
      lasts: asLongAsSet,
      needsConsent: true,
    }),
    source: "docs.cilium.io, Host Firewall",
  },
  {
    what: "the cluster's name and id",
    keys: ["cluster.name", "cluster.id"],
    of: ({ text }) => `${text("cluster.name")}, ${text("cluster.id")}`,
    change: breaks(
      "all pods under a policy",
      `both are part of a pod's identity: ${identitiesChange}`,
      "until all workloads have been restarted",
    ),
    source: "docs.cilium.io, Setting up Cluster Mesh",
  },
  {
    what: "the size of the mesh",
    keys: ["clustermesh.maxConnectedClusters"],
    of: ({ text }) => `${text("clustermesh.maxConnectedClusters") || "255"} clusters`,
    change: breaks(
      "all pods under a policy",
      "it decides how identities are numbered, may only be set at the installation, and policies may be enforced wrongly after it",
      untilRecreated,
    ),
    source: "docs.cilium.io, Setting up Cluster Mesh (maxConnectedClusters)",
  },
  {
    what: "where identities are kept",
    keys: ["identityAllocationMode"],
    of: ({ text }) => text("identityAllocationMode"),
    change: breaks("all pods under a policy", identitiesChange, untilRolled),
    source: "docs.cilium.io, Upgrade Guide (Migrating from kvstore-backed identities)",
  },
  {
    what: "the labels that make an identity",
    keys: ["labels"],
    of: identityLabels,
    change: breaks("all pods under a policy", identitiesChange, untilRolled),
    source: "docs.cilium.io, Limiting Identity-Relevant Labels; 1.18 Upgrade Notes",
  },
  {
    what: "the clusters that a policy means where it names none",
    keys: ["clustermesh.policyDefaultLocalCluster"],
    of: clusterOfPolicies,
    change: (from, to) =>
      to === "the local one" || from === "the local one"
        ? {
            traffic: "connections between pods of different clusters",
            why:
              to === "the local one"
                ? "policies that do not name the other cluster no longer allow them"
                : "policies that do not name a cluster allow them from now on",
            lasts: asLongAsSet,
            needsConsent: from !== "one" && to !== "one",
          }
        : undefined,
    source: "docs.cilium.io, 1.19 Upgrade Notes (policy-default-local-cluster)",
  },
  {
    what: "the DNS proxy and L7 rules",
    keys: ["l7Proxy"],
    of: ({ isOn }) => onOff(isOn("l7Proxy")),
    change: missedWhenOff(
      "pods under policies with L7 rules or DNS names",
      "such rules need the proxy",
      "as long as it is off",
    ),
    source: "docs.cilium.io, Layer 7 Protocol Visibility",
  },
];
