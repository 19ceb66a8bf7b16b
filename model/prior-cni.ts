import { effectiveValues } from "./cilium/datapath/index.ts";
import type { LiveCluster, LiveDaemonSet, ReleaseContent } from "./live.ts";
import type { Values } from "./cilium/merge-values.ts";
import { otherCiliums, type PriorCni, priorCnis } from "./prior-cni-table.ts";
import type { Problem } from "./problem.ts";
import type { Settings } from "./settings.ts";
import { atPath } from "./tree.ts";

/** What another network plugin in the cluster means for a deployment of Cilium. */
export interface PriorCniPlan {
  /** Whether nodes are moved from one, so pods of it may still run. */
  readonly migrating: boolean;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

const ourRelease = "kube-system/cilium";

/** Whether a DaemonSet is known to be a network plugin's, and not our release's. */
export const isPriorCni = (daemonSet: LiveDaemonSet): boolean => ownerOf(daemonSet) !== undefined;

/** Whether an Installation's Calico is the network plugin: with another `cni.type` it only enforces policies. */
export const connectsPods = (installation: Values | undefined): boolean =>
  (atPath(installation, "cni.type") ?? "Calico") === "Calico";

/** Whether Cilium runs beside a plugin on purpose, by these chart values. */
export const isMeantBeside = (plugin: PriorCni["name"], values: Values): boolean =>
  priorCnis.some((cni) => cni.name === plugin && isMeant(cni, values));

/**
 * Judges the network plugins that run beside the Cilium to be released.
 * @param wanted - the release to make; undefined when Cilium is turned off
 */
export function planPriorCni(
  { cilium }: Settings,
  { daemonSets, deployedRelease, calico }: LiveCluster,
  wanted: ReleaseContent | undefined,
): PriorCniPlan {
  if (!wanted) return { migrating: false, problems: [], warnings: [] };
  const agreed = new Set<string>(cilium.migrateFrom);
  // Where Cilium runs already, a refusal would only stand in the way of its upgrades.
  const isFirst = deployedRelease === undefined;
  // One that Calico's operator runs is judged by datapath-switch.ts, unless it is agreed to.
  const isJudgedThere = ({ name }: PriorCni): boolean =>
    name === "calico" &&
    calico?.installation !== undefined &&
    (!connectsPods(calico.installation) || (isFirst && !agreed.has(name)));
  const found = running(daemonSets).filter(({ cni }) => !isMeant(cni, wanted.values) && !isJudgedThere(cni));
  const idle = cilium.migrateFrom.filter((name) => !found.some(({ cni }) => cni.name === name));
  const refused = found.filter(({ cni }) => isFirst && !agreed.has(cni.name));
  const others = found.filter((one) => !refused.includes(one));
  const takesAll = isFirst && others.length > 0 && atPath(wanted.values, "cni.customConf") !== true;
  return {
    migrating: others.length > 0,
    problems: [
      ...refused.map(({ cni, daemonSet }) => refusal(cni, daemonSet)),
      ...(takesAll ? [allAtOnce(cilium.migrateFrom)] : []),
    ],
    warnings: [
      ...others.map(({ cni, daemonSet }) => stillThere(cni, daemonSet)),
      ...idle.map((name) => `cilium.migrateFrom names ${name}, which does not run: take it out`),
    ],
  };
}

/** What runs beside the Calico to be released, in words; the Cilium that datapath-switch.ts judges is not among it. */
export const beside = ({ daemonSets }: LiveCluster): string[] =>
  running(daemonSets)
    .filter(
      ({ daemonSet: { namespace = "", name } }) =>
        namespace !== "calico-system" && `${namespace}/${name}` !== "kube-system/cilium",
    )
    .map(({ cni, daemonSet }) => said(cni, daemonSet));

const running = (daemonSets: readonly LiveDaemonSet[]) =>
  daemonSets.flatMap((daemonSet) => {
    const cni = ownerOf(daemonSet);
    return cni && daemonSet.nodes !== 0 ? [{ cni, daemonSet }] : [];
  });

function ownerOf({ namespace = "", name, helmRelease }: LiveDaemonSet): PriorCni | undefined {
  if (helmRelease === ourRelease) return undefined;
  return [...priorCnis, ...otherCiliums].find(({ daemonSets }) =>
    daemonSets.some((pattern) => matches(pattern, `${namespace}/${name}`)),
  );
}

const matches = (pattern: string, name: string): boolean =>
  new RegExp(`^${pattern.replaceAll("*", "[^/]*")}$`).test(name);

const isMeant = ({ meant }: PriorCni, values: Values): boolean =>
  meant.some(({ key, value }) => atPath(values, key) === value);

function refusal(cni: PriorCni, daemonSet: LiveDaemonSet): Problem {
  const { name, remove, meant } = cni;
  const isCilium = otherCiliums.includes(cni);
  const consequence = isCilium
    ? "two of them on a node fight over the same eBPF maps, devices and CNI configuration"
    : "its pods would keep their old network until they are made anew, unreached by new pods and by this stack's policies, " +
      "while both plugins may give out the same addresses of a node";
  const [first] = meant;
  const ways = [
    remove,
    ...(first?.key === "cni.chainingMode" ? [chainBehind(String(first.value))] : []),
    ...(isCilium ? [] : [`to move node by node, set cilium.migrateFrom: [${name}] (docs/operations.md)`]),
    "or leave the network to it by cilium.enabled: false",
  ];
  return {
    path: "cilium",
    message: `The cluster has a network plugin already: ${said(cni, daemonSet)}; ${consequence}`,
    remedy: ways.join("; "),
  };
}

/**
 * All that Cilium's guides set for a chain, for routing and masquerading are the other plugin's. The agent
 * writes the CNI configuration of AWS' chain itself, any other has to be given.
 * @see docs.cilium.io, CNI Chaining (cni-chaining-generic-veth.rst and cni-chaining-aws-cni.rst of 1.15.19)
 */
function chainBehind(mode: string): string {
  const configuration =
    mode === "aws-cni"
      ? "cni.exclusive: false"
      : "cni.customConf: true, cni.configMap: <a ConfigMap with its CNI configuration and cilium-cni at the end>";
  return `to chain Cilium behind it, set cni.chainingMode: ${mode}, ${configuration}, routingMode: native and enableIPv4Masquerade: false in cilium.values (docs.cilium.io, CNI Chaining, has what else a plugin needs)`;
}

/** Whether pods get their network from another plugin, and Cilium only comes behind it. */
export function isChained({ chartVersion, values }: ReleaseContent): boolean {
  const { text } = effectiveValues(chartVersion, values);
  // portmap is a part of Cilium's own chain.
  const mode = text("cni.chainingMode");
  return !["", "none", "portmap"].includes(mode) || text("cni.chainingTarget") !== "";
}

/** @see docs.cilium.io, Migrating a cluster to Cilium */
const allAtOnce = (names: readonly string[]): Problem => ({
  path: "cilium.migrateFrom",
  message: `[${names.join(", ")}] is to be left node by node, and Cilium would take over all nodes at once: its pods and theirs would not reach each other`,
  remedy:
    "set in cilium.values cni.customConf: true, cni.uninstall: false, a pod range of its own (ipam.mode: cluster-pool) and policyEnforcementMode: never, as docs/operations.md tells",
});

const stillThere = (cni: PriorCni, daemonSet: LiveDaemonSet): string =>
  `${said(cni, daemonSet)} still runs beside Cilium: pods that it gave a network to keep it until they are made anew; remove it once every node is moved`;

function said(
  { name }: PriorCni,
  { namespace = "", name: daemonSet, helmRelease, nodes }: LiveDaemonSet,
): string {
  const release = helmRelease === undefined ? "" : ` of Helm release ${helmRelease}`;
  const where = nodes === undefined ? "" : `, on ${nodes} ${nodes === 1 ? "node" : "nodes"}`;
  return `${name} (DaemonSet ${namespace}/${daemonSet}${release}${where})`;
}
