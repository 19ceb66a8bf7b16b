import { addressAt, ipv4Range } from "../../control-plane/cidr.ts";
import { DataPlaneError } from "../error.ts";
import type { NetworkNamespace, Node } from "./network.ts";
import { inNetworkOf, ip, run } from "./shell.ts";

/** How the pods' side names its way out: an address that no interface has, answered for by a fixed entry. */
const gateway = "169.254.1.1";

/**
 * What a cluster has before Cilium: a veth per pod and a route per address. No Service
 * is served and nothing is denied. Its range is not the cluster's pod range, so that
 * both networks can stand side by side while one replaces the other.
 */
export class PlainNetwork {
  readonly #node: Node;
  readonly #free: string[];
  readonly #used = new Map<number, { readonly address: string; readonly device: string }>();

  constructor(node: Node) {
    this.#node = node;
    const { plainCidr } = node.spec;
    const size = ipv4Range(plainCidr)?.size ?? 0;
    // Neither the network's own address nor the broadcast address.
    this.#free = Array.from({ length: size - 2 }, (_, index) => addressAt(plainCidr, index + 1));
  }

  /** Joins a pod and returns its address. */
  async attach(pod: NetworkNamespace): Promise<string> {
    const address = this.#free.shift();
    if (address === undefined) throw new DataPlaneError(`No address is left in ${this.#node.spec.plainCidr}`);
    const device = `plain${pod.pid}`;
    this.#used.set(pod.pid, { address, device });
    try {
      await this.#wire(pod, address, device);
      return address;
    } catch (error) {
      await this.detach(pod);
      throw error;
    }
  }

  async #wire(pod: NetworkNamespace, address: string, device: string): Promise<void> {
    await ip(this.#node.pid, [
      `link add ${device} type veth peer name eth0 netns ${pod.pid}`,
      `link set ${device} up`,
      `route add ${address}/32 dev ${device}`,
    ]);
    const [link] = JSON.parse(
      await run(inNetworkOf(this.#node.pid, ["ip", "-json", "link", "show", device])),
    ) as [{ address: string }];
    await ip(pod.pid, [
      `addr add ${address}/32 dev eth0`,
      "link set eth0 up",
      `neigh add ${gateway} lladdr ${link.address} dev eth0 nud permanent`,
      `route add ${gateway} dev eth0 scope link`,
      `route add default via ${gateway} dev eth0`,
    ]);
  }

  /** Takes a pod off; its address becomes the last one to be used again. */
  async detach(pod: NetworkNamespace): Promise<void> {
    const used = this.#used.get(pod.pid);
    if (used === undefined) return;
    this.#used.delete(pod.pid);
    this.#free.push(used.address);
    // The other end, and the routes, go with it. With the pod's namespace all is gone already.
    await ip(this.#node.pid, [`link del ${used.device}`]).catch(() => undefined);
  }
}
