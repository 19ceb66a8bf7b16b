import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { agentSocket } from "./network.ts";
import type { NetworkNamespace, Node } from "./network.ts";
import { inNetworkOf, run } from "./shell.ts";

/** A pod, by the names that a CNI plugin asks for. */
export interface PodName {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** Joins pods by Cilium's own CNI plugin, as containerd would. */
export class CiliumNetwork {
  readonly #node: Node;
  readonly #plugin: string;

  constructor(node: Node, plugin: string) {
    this.#node = node;
    this.#plugin = plugin;
  }

  /** Whether the agent has written its CNI configuration, which it does when it is ready. */
  get isConfigured(): boolean {
    const folder = join(this.#node.root, "etc/cni/net.d");
    return existsSync(folder) && readdirSync(folder).some((file) => file.endsWith("cilium.conflist"));
  }

  /**
   * Joins a pod, which returns once the agent enforces the pod's policies.
   * @returns its IPv4 address
   * @throws DataPlaneError with what the plugin says, for example while the agent restarts
   */
  async attach(pod: NetworkNamespace, name: PodName): Promise<string> {
    const printed = await this.#call("ADD", pod, name);
    const { ips } = JSON.parse(printed) as { ips: { address: string }[] };
    return ips.map(({ address }) => address.split("/")[0] ?? "").find((text) => text.includes(".")) ?? "";
  }

  async detach(pod: NetworkNamespace, name: PodName): Promise<void> {
    await this.#call("DEL", pod, name);
  }

  #call(command: "ADD" | "DEL", pod: NetworkNamespace, name: PodName): Promise<string> {
    const args = {
      IgnoreUnknown: "1",
      K8S_POD_NAMESPACE: name.namespace,
      K8S_POD_NAME: name.name,
      K8S_POD_UID: name.uid,
    };
    return run(inNetworkOf(this.#node.pid, [this.#plugin]), {
      input: JSON.stringify({ cniVersion: "0.3.1", name: "cilium", type: "cilium-cni" }),
      // A kubelet gives a sandbox four minutes; what is tried again can be quicker.
      seconds: 60,
      env: {
        PATH: process.env.PATH,
        CNI_COMMAND: command,
        CNI_CONTAINERID: name.uid,
        CNI_NETNS: `/proc/${pod.pid}/ns/net`,
        CNI_IFNAME: "eth0",
        CNI_PATH: "/nowhere",
        CNI_ARGS: Object.entries(args)
          .map(([key, value]) => `${key}=${value}`)
          .join(";"),
        CILIUM_SOCK: agentSocket(this.#node.spec.name, "cilium"),
      },
    });
  }
}
