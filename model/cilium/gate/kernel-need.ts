import type { AgentOptions, AgentState } from "../agent-checks/options.ts";
import type { Version } from "../../version.ts";

/** Something that an agent does only on newer kernels. */
export interface KernelNeed {
  /** Its name in `cluster.kernelHas`. */
  readonly name: KernelNeedName;
  /** What needs it, as a message begins. */
  readonly what: string;
  readonly kernel: Version;
  /** The oldest build of Red Hat's kernel that will do, by the system's major version. */
  readonly redHat?: Readonly<Record<number, number>>;
  /** Kernels that have it under an older number. */
  readonly backPort?: RegExp;
  /** The first chart 1.x with it. */
  readonly since?: number;
  /** The first chart 1.x that every kernel it runs on has it for, or that is without it. */
  readonly until?: number;
  /** Whether the values ask for it. Default: all do. */
  readonly isOn?: (options: AgentOptions, state: AgentState) => boolean;
  /** Key of the chart that turns it on. */
  readonly key?: string;
  /** What is lost where the agent does without; undefined where it does not start. */
  readonly lost?: string;
  /** Whether that is no more than worth knowing: by default the agent takes what there is. */
  readonly isMinor?: boolean;
  /** How to settle for that, besides a newer kernel. */
  readonly settle?: string;
  readonly source: string;
}

/** What a kernel may have by back-port or as a module, although it is too old for it. */
export const kernelNeedNames = [
  "base",
  "egress-gateway",
  "vtep",
  "sctp",
  "bandwidth-manager",
  "bbr",
  "wireguard",
  "reject-without-backend",
  "xdp-on-many-devices",
  "session-affinity",
  "socket-lb-in-host-only",
  "tproxy",
  "host-routing",
  "multicast",
  "big-tcp-ipv6",
  "big-tcp-ipv4",
  "tcx",
  "netkit",
] as const;

type KernelNeedName = (typeof kernelNeedNames)[number];
