import { join, resolve } from "node:path";
import { checkout } from "../control-plane/checkout.ts";
import type { Tools } from "../../toolchain/index.ts";
import { DataPlaneError } from "./error.ts";
import type { DataPlanePrograms } from "./keeper/spec.ts";

export interface DataPlaneOptions {
  readonly tools: Tools;
  /** Tells data planes on this machine apart. @default "data-plane" */
  readonly name?: string;
  /** Where state, logs and kubeconfig live. @default `.sandbox/<name>` of the checkout */
  readonly folder?: string;
  /** How many nodes, 1 to 3. @default 1 */
  readonly nodes?: number;
  /** Outlive the process that started it, until `stop`. @default false: it ends with its owner */
  readonly detached?: boolean;
  /** Leave the logs in the folder after `stop`. @default false */
  readonly keepLogs?: boolean;
}

/** The programs that a data plane takes, beside those of its control plane. */
export const dataPlaneTools = [
  "control-plane",
  "coredns",
  "peer",
  "cilium-agent",
  "cilium-operator",
  "cilium-cni",
  "cilium-dbg",
  "cilium-health-responder",
  "cilium-bpf",
  "hubble-flows",
] as const;

export const programsOf = (tools: Tools): DataPlanePrograms => ({
  peer: tools.path("peer"),
  coredns: tools.path("coredns"),
  ciliumAgent: tools.path("cilium-agent"),
  ciliumOperator: tools.path("cilium-operator"),
  ciliumCni: tools.path("cilium-cni"),
  ciliumDbg: tools.path("cilium-dbg"),
  ciliumHealthResponder: tools.path("cilium-health-responder"),
  hubbleFlows: tools.path("hubble-flows"),
  ciliumBpf: tools.path("cilium-bpf"),
});

/**
 * The folder of a data plane.
 * @throws DataPlaneError when the name is none: it becomes part of a path that is removed in the end
 */
export function folderOf({ name = "data-plane", folder }: Pick<DataPlaneOptions, "name" | "folder">): string {
  if (!/^[a-z0-9]([-a-z0-9]{0,48}[a-z0-9])?$/.test(name)) {
    throw new DataPlaneError(
      `The name is ${JSON.stringify(name)}: use lower case letters, digits and dashes`,
    );
  }
  return resolve(folder ?? join(checkout, ".sandbox", name));
}
