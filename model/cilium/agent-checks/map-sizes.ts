import type { Problem } from "../../problem.ts";
import { bpfMapEntries } from "../../sizing/bpf-maps.ts";
import type { AgentOptions, OptionName } from "./options.ts";

/** A node as the settings have it. */
export interface NodeMemory {
  readonly text: string;
  readonly bytes: number;
}

interface Limit {
  readonly option: OptionName;
  readonly what: string;
  readonly min: number;
  readonly max?: number;
  /** Chart minor from which on the agent corrects the value instead of refusing it. */
  readonly correctsFrom?: number;
}

const mebi = 2 ** 20;

const policyMapLimits = { min: 256, max: 65_536 };
/** Chart minor from which on the agent makes a map larger that is too small; larger ones it always cut. */
const correctsSmallPolicyMaps = 18;

/**
 * @see pkg/option/config.go, `checkMapSizeLimits`; pkg/maps/nodemap/cell.go, `newNodeMap`;
 * from 1.18 on pkg/loadbalancer/config.go, `NewConfig`, and pkg/maps/policymap/cell.go
 */
const limits: readonly Limit[] = [
  { option: "bpf-ct-global-tcp-max", what: "TCP connection tracking map", min: 1024, max: 16 * mebi },
  { option: "bpf-ct-global-any-max", what: "Non-TCP connection tracking map", min: 1024, max: 16 * mebi },
  { option: "bpf-nat-global-max", what: "NAT map", min: 1024, max: 16 * mebi },
  { option: "bpf-auth-map-max", what: "Authentication map", min: 256, max: 16 * mebi },
  {
    option: "bpf-policy-map-max",
    what: "Policy map",
    min: policyMapLimits.min,
    correctsFrom: correctsSmallPolicyMaps,
  },
  // No check of the agent's: it is the kernel that does not make a map of none.
  { option: "bpf-neigh-global-max", what: "Neighbour map", min: 1 },
  { option: "bpf-node-map-max", what: "Node map", min: 16_384 },
  { option: "bpf-lb-map-max", what: "Load-balancing map", min: 1 },
];

/** The one size above both connection tracking maps that the agent takes for its own default, and lowers. */
const natDefault = 524_288;

/** Map sizes that the agent refuses at its start. */
export function mapSizeProblems(options: AgentOptions, memory: NodeMemory): Problem[] {
  const outOfRange = limits.flatMap((limit) => limitProblems(options, limit));
  const ratio = ratioProblems(options);
  return [
    ...outOfRange,
    ...ratio,
    ...(outOfRange.length + ratio.length > 0 ? [] : natProblems(options, memory)),
  ];
}

/** Map sizes that the agent starts with, but not as they were given. */
export function mapSizeWarnings(options: AgentOptions, memory: NodeMemory): Problem[] {
  if (mapSizeProblems(options, memory).length > 0) return [];
  return [
    ...policyMapWarnings(options),
    ...natWarnings(options, memory),
    ...neighbourWarnings(options, memory),
  ];
}

function limitProblems(options: AgentOptions, { option, what, min, max, correctsFrom }: Limit): Problem[] {
  const entries = options.number(option);
  if (entries === undefined) return [];
  const path = options.path(option);
  if (!Number.isInteger(entries)) return [unreadable(options, option, what)];
  if (entries < min && options.version.minor < (correctsFrom ?? Infinity))
    return [
      {
        path,
        message: `${what} of ${entries} entries is too small for the agent`,
        remedy: `use ${min} or more`,
      },
    ];
  if (max !== undefined && entries > max)
    return [
      {
        path,
        message: `${what} of ${entries} entries is too large for the agent`,
        remedy: `use at most ${max}`,
      },
    ];
  return [];
}

function unreadable(options: AgentOptions, option: OptionName, what: string): Problem {
  const path = options.path(option);
  const text = options.text(option) ?? "";
  const { minor } = options.version;
  // Older charts get large numbers as text, newer ones print them as they are.
  if (![16, 17].includes(minor) || !/e\+\d+$/.test(text))
    return {
      path,
      message: `${what} of ${JSON.stringify(text)} entries is not a whole number`,
      remedy: "write digits alone",
    };
  return {
    path,
    message: `${what}: this chart hands ${Number(text)} to the agent as ${text}, which the agent does not read`,
    remedy: `use chart 1.${minor}.${minor === 16 ? 8 : 2} or newer, or give it as text in cilium.values.extraConfig.${option}`,
  };
}

/** @see pkg/option/config.go, `calculateBPFMapSizes` */
function ratioProblems(options: AgentOptions): Problem[] {
  const option = "bpf-map-dynamic-size-ratio";
  const text = options.text(option) ?? "";
  const ratio = Number(text);
  const path = options.path(option);
  if (text === "" || !(ratio >= 0 && ratio <= 1)) {
    return [
      {
        path,
        message: `The maps' share of the node's memory is ${text}`,
        remedy: "use a number above 0 and up to 1, such as 0.0025",
      },
    ];
  }
  if (ratio > 0 || options.version.minor < 17 || !options.isOn("bpf-distributed-lru")) return [];
  return [
    {
      path: options.path("bpf-distributed-lru"),
      message: `true needs maps that are sized by the node's memory, and ${path} is ${text}`,
      remedy: "leave the ratio out, or this off",
    },
  ];
}

/** @see pkg/option/config.go, `checkMapSizeLimits` */
function natProblems(options: AgentOptions, memory: NodeMemory): Problem[] {
  const { nat, tracked, ctTcp, ctAny, isByMemory } = entriesOf(options, memory);
  if (nat === natDefault || nat <= tracked) return [];
  const why = isByMemory ? `, by the memory of a node of ${memory.text} (cluster.node.memory)` : "";
  return [
    {
      path: options.path("bpf-nat-global-max"),
      message: `NAT map of ${nat} entries is larger than the connection tracking maps together: ${ctTcp} for TCP and ${ctAny} for the rest${why}`,
      remedy: `use at most ${tracked}, or raise bpf.ctTcpMax and bpf.ctAnyMax`,
    },
  ];
}

function natWarnings(options: AgentOptions, memory: NodeMemory): Problem[] {
  const { nat, tracked, natTaken } = entriesOf(options, memory);
  if (natTaken === nat) return [];
  return [
    {
      path: options.path("bpf-nat-global-max"),
      message: `NAT map of ${nat} entries is larger than the connection tracking maps together (${tracked}), and the agent makes it ${natTaken}`,
      remedy: "raise bpf.ctTcpMax and bpf.ctAnyMax too, or leave it out",
    },
  ];
}

/** @see pkg/option/config.go, `checkMapSizeLimits`; from 1.18 on pkg/maps/policymap/cell.go */
function policyMapWarnings(options: AgentOptions): Problem[] {
  const entries = options.number("bpf-policy-map-max") ?? NaN;
  const { min, max } = policyMapLimits;
  const taken = Math.min(max, Math.max(min, entries));
  if (Number.isNaN(entries) || taken === entries) return [];
  return [
    {
      path: options.path("bpf-policy-map-max"),
      message: `Policy map of ${entries} entries: the agent makes it ${taken}, and says so in its log alone`,
      remedy: `use ${min} to ${max}; of a policy with more entries, some are missing`,
    },
  ];
}

/** The agent wants a neighbour for each translated connection; left out, the size follows the NAT map's. */
function neighbourWarnings(options: AgentOptions, memory: NodeMemory): Problem[] {
  const entries = options.number("bpf-neigh-global-max");
  const { natTaken } = entriesOf(options, memory);
  if (entries === undefined || entries >= natTaken) return [];
  return [
    {
      path: options.path("bpf-neigh-global-max"),
      message: `Neighbour map of ${entries} entries is smaller than the NAT map's ${natTaken}`,
      remedy: "leave it out, and it follows the NAT map",
    },
  ];
}

/** What the maps hold: as given, or as the agent sizes them by the node's memory. @see `calculateDynamicBPFMapSizes` */
function entriesOf(options: AgentOptions, { bytes }: NodeMemory) {
  const own = bpfMapEntries(bytes, Number(options.text("bpf-map-dynamic-size-ratio")));
  const tcp = options.number("bpf-ct-global-tcp-max");
  const any = options.number("bpf-ct-global-any-max");
  const [ctTcp, ctAny] = [tcp ?? own.ctTcp, any ?? own.ctAny];
  const tracked = ctTcp + ctAny;
  const ownNat = own.nat > tracked ? Math.floor((tracked * 2) / 3) : own.nat;
  const nat = options.number("bpf-nat-global-max") ?? ownNat;
  return {
    ctTcp,
    ctAny,
    tracked,
    nat,
    natTaken: nat === natDefault && nat > tracked ? Math.floor((tracked * 2) / 3) : nat,
    isByMemory: tcp === undefined || any === undefined,
  };
}
