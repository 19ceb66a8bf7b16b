import assert from "node:assert/strict";
import { advise } from "../../model/adviser.ts";
import { formatProblem } from "../../model/problem.ts";
import { minimal, settingsOf } from "../support/settings.ts";

const roomy = { podCidr: "10.0.0.0/8", serviceCidr: "172.16.0.0/12" };
const advice = (cluster: object, rest: object = {}): string[] =>
  advise(settingsOf({ cluster: { ...minimal.cluster, ...roomy, ...cluster }, ...rest })).map(formatProblem);
const shop = { namespaces: [{ name: "shop" }] };

describe("advise()", () => {
  const silent: [what: string, cluster: object, rest?: object][] = [
    ["a plain cluster", {}],
    ["a small one", { nodes: 49, podsPerNode: 30 }, { profile: "small" }],
    [
      "a large one",
      { nodes: 400, podsPerNode: 100, node: { cores: 16, memory: "64GiB" } },
      { profile: "high-scale" },
    ],
    ["a mesh", {}, { profile: "multi-cloud", cilium: { clusterMesh: { id: 3 } } }],
    ["an audited one", {}, { profile: "compliance", ...shop }],
    ["fixed addresses", {}, { profile: "legacy-static-ip" }],
    ["Calico beside kube-proxy", {}, { datapath: "calico" }],
    ["another network plugin", { nodes: 400 }, { cilium: { enabled: false } }],
    ["production on nodes of 4 GiB", { production: true, node: { memory: "4GiB" } }],
  ];
  for (const [what, cluster, rest] of silent) {
    it(`has nothing to say of ${what}`, () => assert.deepEqual(advice(cluster, rest), []));
  }

  const loud: [what: string, cluster: object, rest: object, says: string[]][] = [
    [
      "small with 200 nodes",
      { nodes: 200, podsPerNode: 30 },
      { profile: "small" },
      [
        "profile: small is for fewer than 50 nodes, and this cluster has 200: every node has the rules of all Services, and flows are seen nowhere: use baseline",
      ],
    ],
    [
      "small with many endpoints",
      { nodes: 200 },
      { profile: "small" },
      [
        "profile: small is for fewer than 50 nodes, and this cluster has 200: every node has the rules of all Services, and flows are seen nowhere: use high-scale",
      ],
    ],
    [
      "small on Cilium",
      {},
      { profile: "small", datapath: "cilium" },
      [
        "calico.dataplane: iptables, which profile small chooses (it works beside kube-proxy as it is; up to a thousand Services looking rules up costs a new connection some 15 µs), has no effect with datapath: cilium: make sure that nothing depends on it, or leave datapath to the profile",
        "calico.flows: false, which profile small chooses (two Deployments and their certificates less can fail; `iptables -L -v` counts what a policy denies), has no effect with datapath: cilium: make sure that nothing depends on it, or leave datapath to the profile",
      ],
    ],
    [
      "Calico where kube-proxy sets another conntrack table",
      { production: true },
      { datapath: "calico" },
      [
        "nodeTuning.conntrackMax: kube-proxy, which stays with Calico, sets 131072 at each of its starts instead of 1048576: set conntrack.maxPerCore: 0 in ConfigMap kube-system/kube-proxy",
      ],
    ],
    [
      "Calico on an old kernel",
      { node: { kernel: "4.18" } },
      { datapath: "calico" },
      [
        "cluster.node.kernel: Kernel 4.18 is older than 5.10, from which on Calico is tested but for RHEL's: make sure that iptables and ipset work there, or upgrade the nodes' kernel",
      ],
    ],
    [
      "iptables with thousands of Services",
      { services: 5000 },
      { datapath: "calico" },
      [
        "calico.dataplane: iptables goes through the rules of 5000 Services one by one for each new connection: use nftables with kube-proxy in the same mode, or datapath: cilium",
      ],
    ],
    [
      "nftables, and a network that must know pods' addresses",
      {},
      { datapath: "calico", calico: { dataplane: "nftables", encapsulation: "None" } },
      [
        "calico.dataplane: nftables works only beside a kube-proxy that uses nftables, too: check that `mode: nftables` stands in ConfigMap kube-system/kube-proxy",
        "calico.encapsulation: None: the network must take packets with pods' addresses, and route them: make sure of it, or use VXLAN, which needs UDP 4789 between nodes alone",
      ],
    ],
    [
      "high-scale with three nodes",
      { podsPerNode: 30 },
      { profile: "high-scale" },
      [
        "profile: high-scale is for more than 10000 endpoints, and this cluster has 90: slices delay what agents learn of new pods, and there is no service map: use baseline, or small",
      ],
    ],
    [
      "many endpoints without a profile",
      { nodes: 120, podsPerNode: 100 },
      {},
      [
        "cilium.endpointSlices: 12000 endpoints without slices: the API server tells every agent of each pod that comes or goes: use profile: high-scale",
      ],
    ],
    [
      "many endpoints under audit",
      { endpoints: 20_000 },
      { profile: "compliance", ...shop },
      [
        "cilium.endpointSlices: 20000 endpoints without slices: the API server tells every agent of each pod that comes or goes: set cilium.endpointSlices: true",
      ],
    ],
    [
      "multi-cloud without a number in the mesh",
      {},
      { profile: "multi-cloud" },
      [
        "cilium.clusterMesh: multi-cloud without a name and number in the mesh: identities of clusters that join later collide, and a new number restarts every pod: set cilium.clusterMesh.id before the first pod runs; the name is cluster.name",
      ],
    ],
    [
      "compliance without an audit export",
      {},
      { profile: "compliance", ...shop, cilium: { hubble: { export: { enabled: false } } } },
      [
        "cilium.hubble.export.enabled: compliance without an export of flows: nothing tells an auditor what was allowed and denied: leave it on, or keep the log in another way",
      ],
    ],
    [
      "compliance in the clear, in audit mode, with nothing to protect",
      {},
      { profile: "compliance", cilium: { policyAuditMode: true, encryption: { type: "none" } } },
      [
        "cilium.policyAuditMode: compliance in audit mode: policies deny nothing, in the whole cluster: turn it off when the flows are known",
        "cilium.encryption.type: compliance with traffic between nodes in the clear: use wireguard, or make sure that the network below encrypts",
        "namespaces: compliance without a namespace under default-deny: list the namespaces that hold what must be protected",
      ],
    ],
    [
      "a cluster beyond what is measured",
      { nodes: 1200, podsPerNode: 30 },
      { profile: "high-scale" },
      [
        "cluster.nodes: 1200 nodes and 36000 pods are beyond what Cilium has measured with identities as API objects (1000 nodes, 50000 pods): try it with this load first, or give Cilium a kvstore (identityAllocationMode: kvstore, etcd)",
      ],
    ],
    [
      "many identities",
      { identities: 60_000 },
      {},
      [
        "cluster.identities: 60000 identities (set by cluster.identities) are close to the 65280 that Cilium can hold: labels that pods share (chart value `labels`) make fewer",
      ],
    ],
    [
      "more Service ports than numbers",
      { services: 10_000, servicePorts: 7 },
      {},
      [
        "cluster.services: 70000 Service ports (10000 Services × 7 ports) are more than the 65535 that Cilium can hold: split the cluster, or use fewer ports",
      ],
    ],
    [
      "a map that the user made too small",
      { connections: 100_000 },
      { cilium: { values: { bpf: { ctTcpMax: 100_000 } } } },
      [
        "cilium.values.bpf.ctTcpMax: 100000 connections (set by cluster.connections) fill the 100000 entries of a map to more than 75 %: raise it",
      ],
    ],
    [
      "too many pods on a node",
      { podsPerNode: 250 },
      {},
      [
        "cluster.podsPerNode: 250 pods on a node are more than Kubernetes is tested with (110): try a full node first: its restart brings all of them back at once",
      ],
    ],
    [
      "a conntrack table that a node cannot hold",
      { production: true, node: { cores: 2, memory: "2GiB" } },
      {},
      [
        "nodeTuning.conntrackMax: A full conntrack table of 1048576 takes 386 of a node's 2048 MiB: lower it; 10 % of the memory is a good bound",
      ],
    ],
  ];
  for (const [what, cluster, rest, says] of loud) {
    it(`says what is wrong with ${what}`, () => assert.deepEqual(advice(cluster, rest), says));
  }
});
