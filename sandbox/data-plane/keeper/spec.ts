/** What the keeper is to run: written by `start`, read by the keeper. */
export interface KeeperSpec {
  readonly name: string;
  readonly nodes: readonly NodeSpec[];
  /** Kubeconfig that works on this machine's loopback. */
  readonly kubeconfig: string;
  /** Port of the API server, on loopback and behind the relay. */
  readonly apiServerPort: number;
  /** Where pods and nodes reach it: an address of the outside namespace. */
  readonly outsideAddress: string;
  /** The data plane's own control group: a folder of a cgroup2 hierarchy. */
  readonly group: string;
  readonly programs: DataPlanePrograms;
  /** Folder that holds `clang` under this name, and a `modprobe` that does nothing. */
  readonly compilerFolder: string;
  readonly logs: string;
  /** File that tells what runs. */
  readonly state: string;
  readonly dnsAddress: string;
  readonly clusterDomain: string;
  /** Address of the Service `kubernetes`. */
  readonly apiServiceAddress: string;
}

export interface NodeSpec {
  readonly name: string;
  /** IPv4 address in the network that the nodes share. */
  readonly address: string;
  /** Range of the plain network's pods on this node, beside the cluster's own pod range. */
  readonly plainCidr: string;
}

/** Paths of the programs that stand in for container images. */
export interface DataPlanePrograms {
  readonly peer: string;
  readonly coredns: string;
  readonly ciliumAgent: string;
  readonly ciliumOperator: string;
  readonly ciliumCni: string;
  readonly ciliumDbg: string;
  readonly ciliumHealthResponder: string;
  readonly hubbleFlows: string;
  /** Folder of the agent's C sources, which it compiles for each node. */
  readonly ciliumBpf: string;
}

/** What the keeper tells: `state.json`. The pids are those of its own PID namespace. */
export interface KeeperState {
  readonly outside: { readonly pid: number; readonly address: string };
  readonly nodes: readonly (NodeSpec & { readonly pid: number })[];
  readonly pods: readonly PodState[];
}

export interface PodState {
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  /** Process that holds its network namespace; undefined until it has one. */
  readonly pid?: number;
  readonly address?: string;
  readonly network: "node" | "plain" | "cilium";
  /** Whether it is a copy of Cilium's agent. */
  readonly isAgent: boolean;
  /** Containers whose image has no program here: nothing runs in them. */
  readonly simulated: readonly string[];
}
