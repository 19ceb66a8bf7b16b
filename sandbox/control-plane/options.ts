import { isIPv4 } from "node:net";
import { join, resolve } from "node:path";
import { cidrsOverlap } from "../../model/cidr.ts";
import { parseQuantity } from "../../model/quantity.ts";
import { addressAt, ipv4Range } from "./cidr.ts";
import { checkout } from "./checkout.ts";
import { ControlPlaneError } from "./error.ts";

/** Nodes that are alike. They are simulated: objects that behave, with no machine behind them. */
export interface NodePool {
  /** How many. */
  readonly count: number;
  /** Nodes are called `<name>-1`, `<name>-2`, … @default "node" */
  readonly name?: string;
  /** CPU cores of each. @default 16 */
  readonly cores?: number;
  /** Memory of each, with its unit: "64GiB". @default "64GiB" */
  readonly memory?: string;
  /** What `uname -r` would say. @default "5.15.0" */
  readonly kernelVersion?: string;
  /** Version of kubelet and kube-proxy. @default the API server's */
  readonly kubernetesVersion?: string;
  /** Labels beside those that a kubelet sets. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** The external programs a control plane runs on. */
export interface Programs {
  /** Path of `control-plane`: etcd, the Kubernetes parts and their supervisor in one binary. */
  readonly controlPlane: string;
  /** `kwok`, which plays the nodes and their pods. @default none: nodes are whoever registers as one */
  readonly kwok?: Kwok;
}

interface Kwok {
  readonly path: string;
  /** A folder that holds kwok's stages somewhere below, or the files themselves. */
  readonly stages: string | readonly string[];
}

export interface ControlPlaneOptions {
  readonly programs: Programs;
  /** Tells clusters on this machine apart; part of the context's name. @default "default" */
  readonly name?: string;
  /** Where state, logs and kubeconfig live. @default `.sandbox/<name>` of the checkout */
  readonly folder?: string;
  /** Simulated nodes, which need kwok. @default three of 16 cores and 64 GiB, none without kwok */
  readonly nodes?: NodePool | readonly NodePool[];
  /** Outlive the process that started it, until `stop`. @default false: it ends with its owner */
  readonly detached?: boolean;
  /** Port of the API server on 127.0.0.1. @default a free one */
  readonly port?: number;
  /**
   * IPv4 address at which a relay makes the API server reachable for those who cannot
   * see this machine's loopback, under the same port: it stands in the serving
   * certificate and is the endpoint of the Service `kubernetes`. @default none, and no endpoint
   */
  readonly address?: string;
  /** @default "cluster.local" */
  readonly clusterDomain?: string;
  /** Each node gets a /24 of it. @default "10.244.0.0/16" */
  readonly podCidr?: string;
  /** @default "10.96.0.0/12" */
  readonly serviceCidr?: string;
  /** Leave the logs in the folder after `stop`. @default false */
  readonly keepLogs?: boolean;
  /** How long each stage of the start may take, in seconds. @default 60 */
  readonly timeoutSeconds?: number;
}

/** The options with every default filled in. */
export interface Plan extends Required<Omit<ControlPlaneOptions, "nodes" | "port" | "address">> {
  readonly nodes: readonly Required<NodePool>[];
  readonly port: number | undefined;
  readonly address: string | undefined;
  /** Address of the kube-dns Service: the tenth of the service range, as kubeadm does it. */
  readonly dnsAddress: string;
}

/** Version of the Kubernetes programs that the toolchain pins. */
const kubernetesVersion = "v1.36.3";

/**
 * Fills in the defaults.
 * @throws ControlPlaneError that lists every option that cannot be
 */
export function plan(options: ControlPlaneOptions): Plan {
  const name = options.name ?? "default";
  const pools = [options.nodes ?? { count: options.programs.kwok ? 3 : 0 }].flat();
  const filled: Plan = {
    programs: options.programs,
    name,
    folder: resolve(options.folder ?? join(checkout, ".sandbox", name)),
    nodes: pools.map(fillPool),
    detached: options.detached ?? false,
    port: options.port,
    address: options.address,
    clusterDomain: options.clusterDomain ?? "cluster.local",
    podCidr: options.podCidr ?? "10.244.0.0/16",
    serviceCidr: options.serviceCidr ?? "10.96.0.0/12",
    keepLogs: options.keepLogs ?? false,
    timeoutSeconds: options.timeoutSeconds ?? 60,
    dnsAddress: "",
  };
  const problems = problemsOf(filled);
  if (problems.length > 0) {
    throw new ControlPlaneError(["The control plane's options do not fit", ...problems].join("\n  - "));
  }
  return { ...filled, dnsAddress: addressAt(filled.serviceCidr, 10) };
}

/** A pool with every default filled in. */
export function fillPool(pool: NodePool): Required<NodePool> {
  return {
    count: pool.count,
    name: pool.name ?? "node",
    cores: pool.cores ?? 16,
    memory: pool.memory ?? "64GiB",
    kernelVersion: pool.kernelVersion ?? "5.15.0",
    kubernetesVersion: pool.kubernetesVersion ?? kubernetesVersion,
    labels: pool.labels ?? {},
  };
}

const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,48}[a-z0-9])?$/;
const dnsName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** Range of the nodes' addresses, beside the pods' and the Services'. */
export const nodeCidr = "172.18.0.0/16";
const nodesAtMost = 65_000;
/** With less, nothing is left for pods; and a number without its unit is noticed. */
const memoryAtLeast = 256 * 2 ** 20;
/** kube-controller-manager gives each node a /24 of the pods' range. */
const podAddressesPerNode = 256;

function problemsOf(options: Plan): string[] {
  const problems: string[] = [];
  const wrong = (path: string, given: unknown, wanted: string): void => {
    problems.push(
      `${path} is ${typeof given === "string" ? JSON.stringify(given) : String(given)}: ${wanted}`,
    );
  };
  if (!dnsLabel.test(options.name)) wrong("name", options.name, "use lower case letters, digits and dashes");
  if (!dnsName.test(options.clusterDomain)) wrong("clusterDomain", options.clusterDomain, "use a DNS name");
  const pods = ipv4Range(options.podCidr);
  if (pods === undefined) wrong("podCidr", options.podCidr, "use an IPv4 range like 10.244.0.0/16");
  // The DNS Service has the tenth address.
  if ((ipv4Range(options.serviceCidr)?.size ?? 0) < 16) {
    wrong("serviceCidr", options.serviceCidr, "use an IPv4 range like 10.96.0.0/12, /28 or larger");
  }
  const ranges = [options.podCidr, options.serviceCidr, nodeCidr];
  if (ranges.some((range, index) => ranges.slice(index + 1).some((other) => cidrsOverlap(range, other)))) {
    wrong(
      "podCidr",
      options.podCidr,
      `pods, Services (${options.serviceCidr}) and nodes (${nodeCidr}) overlap`,
    );
  }
  const { port } = options;
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    wrong("port", port, "use 1 to 65535");
  }
  if (!(options.timeoutSeconds > 0)) wrong("timeoutSeconds", options.timeoutSeconds, "use more than 0");
  for (const [index, pool] of options.nodes.entries()) {
    const at = `nodes[${index}]`;
    if (!Number.isInteger(pool.count) || pool.count < 0) wrong(`${at}.count`, pool.count, "use 0 or more");
    if (!dnsLabel.test(pool.name))
      wrong(`${at}.name`, pool.name, "use lower case letters, digits and dashes");
    if (!(pool.cores > 0)) wrong(`${at}.cores`, pool.cores, "use more than 0");
    if ((parseQuantity(pool.memory) ?? 0) < memoryAtLeast) {
      wrong(`${at}.memory`, pool.memory, "use an amount like 64GiB, 256MiB or more");
    }
  }
  const count = options.nodes.reduce((sum, pool) => sum + pool.count, 0);
  if (count > 0 && !options.programs.kwok) wrong("nodes", count, "give kwok, which simulates them, or none");
  if (options.address !== undefined && !isIPv4(options.address)) {
    wrong("address", options.address, "use an IPv4 address");
  }
  if (count > nodesAtMost) wrong("nodes", count, `use at most ${nodesAtMost} in all`);
  if (pods !== undefined && count * podAddressesPerNode > pods.size) {
    wrong("podCidr", options.podCidr, `use a larger range: ${count} nodes need a /24 each`);
  }
  return problems;
}
