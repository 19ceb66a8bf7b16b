import { cidrContains } from "../cidr.ts";
import { parseChartVersion } from "../cilium/chart-version.ts";
import type { Problem } from "../problem.ts";
import type { Settings } from "../settings.ts";
import { atPath } from "../tree.ts";
import { endText } from "./end-text.ts";
import type { Flow, Peer } from "./flow.ts";

/** Charts from here on know `enableDefaultDeny` and `endPort`: those before leave both out silently. */
const richMinor = 16;

type DialectSettings = Pick<Settings, "policies" | "datapath" | "cilium" | "cluster">;

/**
 * Whether Cilium enforces the policies: ours, or somebody else's that the stack relies on by writing its
 * objects.
 */
export const isOnCilium = ({ cilium, datapath, policies }: Omit<DialectSettings, "cluster">): boolean =>
  cilium.enabled || (datapath === "cilium" && policies.dialect === "cilium");

/** Whether the chart's objects have what came with 1.16; a version that cannot be told has. */
export const isRich = ({ version }: Settings["cilium"]): boolean =>
  (parseChartVersion(version)?.minor ?? richMinor) >= richMinor;

/** Whether a NetworkPolicy cannot say a flow where Cilium enforces. */
export const needsCilium = ({ from, to, http }: Flow): boolean =>
  http !== undefined || to.kind === "fqdn" || from.kind === "entity" || to.kind === "entity";

/** Settings of the dialect that the datapath cannot follow. */
export function dialectProblems(settings: DialectSettings): Problem[] {
  const { policies, datapath } = settings;
  if (isOnCilium(settings)) return [];
  const remedy =
    datapath === "calico"
      ? "leave it out, or set datapath: cilium"
      : "leave it out, or let this stack deploy Cilium (cilium.enabled); with dialect: cilium it relies on somebody else's";
  return [
    ...(policies.dialect === "cilium"
      ? [{ path: "policies.dialect", message: "Only Cilium knows policies of its own dialect", remedy }]
      : []),
    ...(policies.baseline === "cluster-wide"
      ? [{ path: "policies.baseline", message: "Only Cilium knows policies for the whole cluster", remedy }]
      : []),
  ];
}

/** Whether Cilium takes ranges of addresses for nodes, too. */
export function cidrsMatchNodes({ values }: Settings["cilium"]): boolean {
  const mode = atPath(values, "policyCIDRMatchMode");
  return Array.isArray(mode) ? mode.includes("nodes") : mode === "nodes";
}

/** Whether Cilium carries SCTP. */
export const carriesSctp = ({ values }: Settings["cilium"]): boolean =>
  atPath(values, "sctp.enabled") === true;

/** Flows that the datapath cannot enforce, or would silently enforce otherwise. */
export function enforceProblems(settings: DialectSettings, flows: readonly Flow[]): Problem[] {
  const onCilium = isOnCilium(settings);
  const { cilium } = settings;
  const hasProxy = atPath(cilium.values, "l7Proxy") !== false;
  const matchesNodes = cidrsMatchNodes(cilium);
  const hasSctp = carriesSctp(cilium);
  const lacks = (flow: Flow): (Omit<Problem, "path"> & { key: string }) | undefined => {
    const { from, to, port, http } = flow;
    if (to.kind === "fqdn" && !onCilium) {
      return {
        key: "to",
        message: `${to.pattern} is a name, and of policies only Cilium's know names`,
        remedy: "write its addresses as a range, such as 203.0.113.0/24, or use datapath: cilium",
      };
    }
    if (http && !onCilium) {
      return {
        key: "http",
        message: "Only Cilium's policies know requests",
        remedy: "leave http out, or use datapath: cilium",
      };
    }
    if ((http ?? to.kind === "fqdn") && !hasProxy) {
      return {
        key: http ? "http" : "to",
        message: `${flow.text} needs Cilium's proxy, which reads ${http ? "requests" : "the answers of DNS"}`,
        remedy: "leave out cilium.values.l7Proxy: false",
      };
    }
    if (port?.protocol === "SCTP" && onCilium && !hasSctp) {
      return {
        key: "port",
        message: `${flow.text} is SCTP, which Cilium drops unless it is turned on`,
        remedy: "set cilium.values.sctp.enabled: true",
      };
    }
    if (port?.endPort !== undefined && onCilium && !isRich(cilium)) {
      return {
        key: "port",
        message: `Cilium ${cilium.version} knows no ranges of ports and would take ${port.port}-${port.endPort} for ${port.port}`,
        remedy: `list the ports one by one, or use a chart from 1.${richMinor} on`,
      };
    }
    const { nodeCidr } = settings.cluster;
    const isNodes = (end: Peer): boolean =>
      end.kind === "cidr" && nodeCidr !== undefined && cidrContains(nodeCidr, end.cidr);
    if (onCilium && !matchesNodes && (isNodes(from) || isNodes(to))) {
      return {
        key: isNodes(from) ? "from" : "to",
        message: `${flow.text} are addresses of nodes (cluster.nodeCidr ${nodeCidr}), which no range is for Cilium`,
        remedy: "write nodes, or set cilium.values.policyCIDRMatchMode: [nodes]",
      };
    }
    const nodes = [from, to].find((end) => end.kind === "entity" && end.entity === "nodes");
    if (nodes && !onCilium && nodeCidr === undefined) {
      return {
        key: nodes === from ? "from" : "to",
        message: `Where Cilium does not enforce, ${endText(nodes)} are addresses, which are not known`,
        remedy: "set cluster.nodeCidr; probes of a pod's own node need no flow",
      };
    }
    return undefined;
  };
  const said = new Set<string>();
  return flows.flatMap((flow) => {
    const lacking = lacks(flow);
    if (!lacking) return [];
    const { key, ...problem } = lacking;
    const path = `${flow.path}.${key}`;
    // One flow of the settings may be several.
    if (said.has(path)) return [];
    said.add(path);
    return [{ path, ...problem }];
  });
}
