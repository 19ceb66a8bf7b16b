import assert from "node:assert/strict";
import { complaints, minimal } from "../../support/settings.ts";

const said = (calico: object, cluster: object = {}) =>
  complaints({ datapath: "calico", calico, cluster: { ...minimal.cluster, ...cluster } });
const network = (calicoNetwork: object) => ({ values: { installation: { calicoNetwork } } });
const pool = (over: object = {}) => ({
  cidr: "10.244.0.0/16",
  encapsulation: "VXLAN",
  natOutgoing: "Enabled",
  nodeSelector: "all()",
  ...over,
});

describe("calicoProblems()", () => {
  const fine: [what: string, calico: object, cluster?: object][] = [
    ["the defaults", {}],
    ["a part of the pods' range", { podCidr: "10.244.128.0/17" }],
    [
      "two pools of the user's own",
      network({ ipPools: [pool({ cidr: "10.244.0.0/17" }), pool({ cidr: "10.244.128.0/17" })] }),
    ],
    [
      "a pool for load balancers, outside the pods' range, and small ones for parts of the nodes",
      network({
        ipPools: [
          pool({ cidr: "192.0.2.0/24", encapsulation: "VXLAN", allowedUses: ["LoadBalancer"] }),
          pool({ cidr: "10.244.0.0/26", nodeSelector: "zone == 'a'", blockSize: 26 }),
          pool({ cidr: "10.244.1.0/26", nodeSelector: "zone == 'b'", blockSize: 26 }),
        ],
      }),
    ],
    [
      "eBPF that looks up the API server by itself",
      network({ linuxDataplane: "BPF", bpfNetworkBootstrap: "Enabled" }),
    ],
    ["as many blocks as nodes", { blockSize: 20 }, { nodes: 16 }],
    ["more nodes than the pods' range has /24s", {}, { nodes: 300 }],
    ["nftables on a kernel that has it", { dataplane: "nftables" }, { node: { kernel: "5.13" } }],
    ["the oldest chart", { version: "v3.28.0" }],
    ["IPv6", {}, { podCidr: "fd00:10::/56", serviceCidr: "fd00:20::/112" }],
  ];
  for (const [what, calico, cluster] of fine) {
    it(`takes ${what}`, () => assert.deepEqual(said(calico, cluster), []));
  }

  const wrong: [what: string, calico: object, cluster: object, says: string[]][] = [
    [
      "a chart that is not known",
      { version: "v3.26.1" },
      {},
      ["calico.version: Chart v3.26.1 is not known here: use v3.28.0 to v3.32.x"],
    ],
    [
      "a version as Cilium writes it",
      { version: "3.31.7" },
      {},
      ['calico.version: "3.31.7" is not valid: write a chart version, such as v3.31.7'],
    ],
    [
      "a pool that is no part of the pods' range",
      { podCidr: "10.245.0.0/16" },
      {},
      [
        "calico.podCidr: 10.245.0.0/16 is not within cluster.podCidr 10.244.0.0/16: kube-proxy takes such pods for strangers, and the operator refuses the pool where kubeadm's configuration is there: choose a part of cluster.podCidr, or all of it",
      ],
    ],
    [
      "a pool over the Services",
      network({ ipPools: [pool({ cidr: "10.96.0.0/16" })] }),
      {},
      [
        "calico.values.installation.calicoNetwork.ipPools[0].cidr: 10.96.0.0/16 overlaps cluster.serviceCidr 10.96.0.0/12: give pods, Services and nodes ranges that share no address",
      ],
    ],
    [
      "fewer blocks than nodes",
      { blockSize: 20 },
      { nodes: 17 },
      [
        "calico.blockSize: 10.244.0.0/16 holds 16 blocks of /20 (4096 addresses), and each of 17 nodes takes one: pods on the last 1 would borrow addresses one by one, or get none: use 21 or more, or a larger range",
      ],
    ],
    [
      "a block that is larger than its pool",
      { podCidr: "10.244.0.0/28" },
      { podsPerNode: 3 },
      [
        "calico.blockSize: 10.244.0.0/28 holds 0 blocks of /26 (64 addresses), and each of 3 nodes takes one: pods on the last 3 would borrow addresses one by one, or get none: use 30 or more, or a larger range",
      ],
    ],
    [
      "fewer addresses than pods",
      { podCidr: "10.244.0.0/24", blockSize: 26 },
      {},
      [
        "calico.podCidr: 10.244.0.0/24 has 256 addresses, and 3 nodes with 110 pods each need 330: use a larger range, or lower cluster.podsPerNode",
      ],
    ],
    [
      "a block size of the other family",
      { blockSize: 64 },
      {},
      ["calico.blockSize: 64 is no block size that Calico takes for 10.244.0.0/16: use 20 to 32"],
    ],
    [
      "no pool",
      network({ ipPools: [] }),
      {},
      [
        "calico.values.installation.calicoNetwork.ipPools: [] leaves pods without addresses: leave it out, and there is one of cluster.podCidr",
      ],
    ],
    [
      "IP-in-IP for IPv6",
      { encapsulation: "IPIP" },
      { podCidr: "fd00:10::/56", serviceCidr: "fd00:20::/112" },
      ["calico.encapsulation: IPIP carries no IPv6: use VXLAN"],
    ],
    [
      "no encapsulation and no routes",
      { encapsulation: "None", ...network({ bgp: "Disabled" }) },
      {},
      [
        "calico.values.installation.calicoNetwork.bgp: Disabled leaves None without the routes between nodes, which BGP spreads: leave it out, or use VXLAN",
      ],
    ],
    [
      "nftables with a chart whose CRD has it not",
      { dataplane: "nftables", version: "v3.28.5" },
      {},
      [
        "calico.dataplane: Nftables exists from v3.29 on, and this is v3.28.5: use iptables, or a newer chart",
      ],
    ],
    [
      "nftables on an old kernel",
      { dataplane: "nftables" },
      { node: { kernel: "5.10" } },
      [
        "cluster.node.kernel: Kernel 5.10 is older than 5.13, which Calico's Nftables data plane needs: use iptables, or upgrade the nodes' kernel",
      ],
    ],
    [
      "eBPF on a kernel without it",
      { dataplane: "ebpf" },
      { node: { kernel: "4.19" } },
      [
        "cluster.node.kernel: Kernel 4.19 is older than 5.10, which Calico's BPF data plane needs: use iptables, or upgrade the nodes' kernel",
      ],
    ],
    [
      "eBPF without the API server's address",
      network({ linuxDataplane: "BPF" }),
      {},
      [
        "calico.values.installation.calicoNetwork.linuxDataplane: BPF without the API server's address: no agent finds it where nobody serves its Service: use calico.dataplane: ebpf, which gives it",
      ],
    ],
    [
      "eBPF with the address twice",
      { dataplane: "ebpf", ...network({ bpfNetworkBootstrap: "Enabled" }) },
      {},
      [
        "calico.values.installation.calicoNetwork.bpfNetworkBootstrap: Enabled looks up the API server's address, which the operator is given already, and refuses both: leave it out",
      ],
    ],
    [
      "a pods' range that is none, once",
      {},
      { podCidr: "10.244.0.0/40" },
      [
        "cluster.podCidr: 10.244.0.0/40 is not a network: write an address and a prefix length, such as 10.244.0.0/16",
      ],
    ],
    [
      "VPP",
      network({ linuxDataplane: "VPP" }),
      {},
      [
        "calico.values.installation.calicoNetwork.linuxDataplane: VPP is a data plane of its own, with its own manifests and hugepages: use Iptables, Nftables or BPF",
      ],
    ],
    [
      "kube-proxy in the operator's hands",
      network({ kubeProxyManagement: "Enabled" }),
      {},
      [
        "calico.values.installation.calicoNetwork.kubeProxyManagement: Enabled hands kube-proxy to the operator, which takes it off the nodes with BPF, and nobody gives it back: leave it out: kube-proxy stays as it is",
      ],
    ],
    [
      "an operator without an Installation",
      { values: { installation: { enabled: false } } },
      {},
      [
        "calico.values.installation.enabled: false leaves an operator without anything to operate, and pods without a network: leave it out, or set calico.enabled: false",
      ],
    ],
    [
      "addresses by another plugin",
      { values: { installation: { cni: { ipam: { type: "HostLocal" } } } } },
      {},
      [
        "calico.values.installation.cni.ipam.type: HostLocal leaves pods' addresses to another plugin, and the pool and its blocks without effect: leave it out, or set calico.enabled: false and run Calico in another way",
      ],
    ],
    [
      "two sources of the chart",
      { chart: { path: "./x", oci: "oci://registry.example/x" } },
      {},
      ["calico.chart: path and oci are given together: keep one of repository, path, oci"],
    ],
  ];
  for (const [what, calico, cluster, says] of wrong) {
    it(`refuses ${what}`, () => assert.deepEqual(said(calico, cluster), says));
  }

  it("says nothing of a Calico that is left to others", () =>
    assert.deepEqual(said({ enabled: false, blockSize: 64 }), []));
});
