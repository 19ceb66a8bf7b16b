import { z } from "zod";
import { chartSource, network, registry } from "./settings-primitives.ts";

/** What can be said of Calico; everything else by `values`. */
export const calico = z.strictObject({
  enabled: z.boolean().default(true).describe("Deploy Calico"),
  version: z
    .string()
    .regex(/^v3\.\d+\.\d+$/, "write a chart version, such as v3.31.7")
    // The newest minor whose chart brings the definitions of its objects along.
    .default("v3.31.7")
    .describe("Chart version, v3.28.0 to v3.32.x; from v3.32 on the chart's CRDs must be there before"),
  chart: chartSource("Calico"),
  dataplane: z
    .enum(["iptables", "nftables", "ebpf"])
    .default("iptables")
    .describe(
      "What filters packets on a node. nftables wants kube-proxy in the same mode and kernel 5.13; ebpf a cluster without kube-proxy and kernel 5.10",
    ),
  podCidr: network
    .optional()
    .describe("Range that pods get addresses from, within cluster.podCidr. Default: all of it"),
  encapsulation: z
    .enum(["VXLAN", "VXLANCrossSubnet", "IPIP", "IPIPCrossSubnet", "None"])
    .default("VXLAN")
    .describe(
      "How packets reach other nodes. VXLAN needs nothing of the network but UDP 4789 between nodes; the others a network that knows pod addresses or lets IP-in-IP and BGP pass",
    ),
  mtu: z
    .int()
    .min(576)
    .max(65_535)
    .optional()
    .describe("MTU of pods. Default: found by Calico from the nodes' interfaces and the encapsulation"),
  blockSize: z
    .int()
    .min(20)
    .max(128)
    .optional()
    .describe("Prefix length of the blocks of addresses that nodes take. Default: 26, with IPv6 122"),
  flows: z
    .boolean()
    .default(true)
    .describe("Collect flows (Goldmane) and show them (Whisker); charts from v3.30 on"),
  imageRegistry: registry
    .optional()
    .describe(
      "Registry that mirrors all images under their own paths, such as registry.example/mirror. Default: where upstream publishes them",
    ),
  timeoutSeconds: z
    .int()
    .min(30)
    .max(3600)
    .default(600)
    .describe("How long to wait for the release, and for Calico on every node"),
  values: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("Chart values laid over the derived ones, as they are"),
});
