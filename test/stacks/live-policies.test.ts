import assert from "node:assert/strict";
import type { ClusterReader, ListedObject } from "../../components/cluster-reader.ts";
import { readPolicyFacts } from "../../stacks/live-policies.ts";
import { settingsOf } from "../support/settings.ts";

const cilium = "/apis/cilium.io/v2";
const objects: Record<string, unknown> = {
  "/api/v1/namespaces/kube-system/services/kube-dns": {
    spec: { clusterIPs: ["10.96.0.10", "fd00::a"], selector: { "k8s-app": "kube-dns" } },
  },
  "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dkubernetes":
    {
      items: [
        { endpoints: [{ addresses: ["10.0.0.1"] }, { addresses: ["10.0.0.2"] }], ports: [{ port: 6443 }] },
      ],
    },
};
const served = {
  [cilium]: {
    resources: [{ name: "ciliumnetworkpolicies" }, { name: "ciliumclusterwidenetworkpolicies" }],
  },
};
const lists: Record<string, ListedObject[]> = {
  [`${cilium}/ciliumnetworkpolicies`]: ["shop", "else"].map((namespace) => ({
    metadata: { namespace, name: "x", labels: { a: "b" } },
  })),
  [`${cilium}/ciliumclusterwidenetworkpolicies`]: [{ metadata: { name: "wide" } }],
};

async function factsOf(raw: object, found: Record<string, unknown> = objects) {
  const asked: string[] = [];
  const reader: ClusterReader = {
    server: "",
    get: <T>(path: string) => (asked.push(path), Promise.resolve(found[path] as T | undefined)),
    list: (path) => (asked.push(path), Promise.resolve(lists[path] ?? [])),
  };
  return { facts: await readPolicyFacts(reader, settingsOf(raw)), asked };
}
const shop = (...flows: unknown[]) => ({
  namespaces: [{ name: "shop", workloads: [{ name: "web", ports: { http: 80 } }], flows }],
});

describe("readPolicyFacts()", () => {
  it("asks for the API server's addresses where a flow names it", async () => {
    const { facts } = await factsOf(shop("web -> api-server"));
    assert.deepEqual(facts.apiServerEndpoints, [
      { address: "10.0.0.1", port: 6443 },
      { address: "10.0.0.2", port: 6443 },
    ]);
    assert.equal((await factsOf(shop())).facts.apiServerEndpoints, undefined);
  });

  it("finds the addresses of DNS, or none", async () => {
    assert.deepEqual((await factsOf(shop())).facts.dnsAddresses, ["10.96.0.10", "fd00::a"]);
    assert.deepEqual((await factsOf(shop())).facts.dnsService, { selector: { "k8s-app": "kube-dns" } });
    const { dnsAddresses, dnsService } = (await factsOf(shop(), {})).facts;
    assert.deepEqual([dnsAddresses, dnsService], [undefined, null]);
  });

  it("lists Cilium's policies of the declared namespaces where the API knows them", async () => {
    const { facts } = await factsOf(shop(), { ...objects, ...served });
    assert.deepEqual(facts.ciliumPolicies, [{ namespace: "shop", name: "x", labels: { a: "b" } }]);
    assert.deepEqual(facts.ciliumClusterPolicies, [{ namespace: undefined, name: "wide", labels: {} }]);
    assert.equal((await factsOf(shop())).facts.ciliumPolicies, undefined);
  });

  it("asks nothing without namespaces, and nothing of Cilium where it does not enforce", async () => {
    assert.deepEqual((await factsOf({})).asked, []);
    const { asked } = await factsOf({ ...shop(), datapath: "calico" });
    assert.ok(!asked.some((path) => path.startsWith(cilium)));
  });
});
