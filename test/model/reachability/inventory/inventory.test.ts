import assert from "node:assert/strict";
import { takeInventory } from "../../../../model/reachability/inventory/inventory.ts";
import { inventoryOf, manifests } from "../../../support/manifests.ts";

describe("takeInventory()", () => {
  it("takes lists apart, those of one kind, too, whose items name no kind", () => {
    const { namespaces, groups } = inventoryOf(`
apiVersion: v1
kind: List
items:
  - { apiVersion: v1, kind: Namespace, metadata: { name: shop, labels: { team: a } } }
  - apiVersion: v1
    kind: PodList
    items: [{ metadata: { name: web, namespace: shop }, spec: {} }]
`);
    assert.deepEqual(namespaces, [
      { name: "shop", labels: { team: "a", "kubernetes.io/metadata.name": "shop" }, isImplied: false },
    ]);
    assert.deepEqual(
      groups.map(({ name, where }) => [name, where]),
      [["shop/web", "test.yaml, document 1, item 2, item 1"]],
    );
  });

  it("knows of a namespace that only others name its name alone", () =>
    assert.deepEqual(
      inventoryOf("{ apiVersion: v1, kind: Pod, metadata: { name: a, namespace: shop } }").namespaces,
      [{ name: "shop", labels: { "kubernetes.io/metadata.name": "shop" }, isImplied: true }],
    ));

  it("counts what does not matter, and what is of no Kubernetes", () => {
    const { ignored, notes } = inventoryOf(`
{ apiVersion: v1, kind: Secret, metadata: { name: a } }
---
{ apiVersion: v1, kind: Secret, metadata: { name: b } }
---
{ apiVersion: apps/v1, kind: Rollout, metadata: { name: b } }
---
replicas: 3
`);
    assert.deepEqual(ignored, { Rollout: 1, Secret: 2 });
    assert.match(notes[0] ?? "", /^1 document passed over: /);
  });

  it("tells policies of other makers by their API's group, not by their kind", () => {
    const { policies, foreign } = inventoryOf(`
{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: ours, namespace: a } }
---
{ apiVersion: crd.projectcalico.org/v1, kind: NetworkPolicy, metadata: { name: calicos, namespace: a } }
---
{ apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: { name: admins } }
`);
    assert.deepEqual(
      policies.map(({ title }) => title),
      ["NetworkPolicy a/ours"],
    );
    assert.deepEqual(
      foreign.map(({ title }) => title),
      ["NetworkPolicy a/calicos", "AdminNetworkPolicy admins"],
    );
  });

  it("lets the last of the same name count, and says so within a layer", () => {
    const policy = (spec: string) =>
      `{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: p, namespace: a }, spec: ${spec} }`;
    const twice = inventoryOf(`${policy("{ x: 1 }")}\n---\n${policy("{ x: 2 }")}`);
    assert.deepEqual(
      [twice.policies.length, twice.notes],
      [1, ["Found twice, the last one counts: NetworkPolicy a/p"]],
    );
    const laid = takeInventory([
      ...manifests(policy("{ x: 1 }")),
      ...manifests(policy("{ x: 2 }"), { layer: 1 }),
    ]);
    assert.deepEqual(laid.notes, []);
    assert.deepEqual((laid.policies[0]?.manifest as { spec: unknown }).spec, { x: 2 });
  });

  it("takes what names no namespace for the default one's, and says so", () => {
    const web = "{ apiVersion: v1, kind: Pod, metadata: { name: web } }";
    assert.deepEqual(inventoryOf(web).groups[0]?.name, "default/web");
    const { groups, notes } = takeInventory(manifests(web), "shop");
    assert.equal(groups[0]?.name, "shop/web");
    assert.deepEqual(notes, ["Without a namespace, taken for shop (--namespace): Pod shop/web"]);
  });

  it("sees Cilium by its objects or its agents", () => {
    const daemonSet = (name: string) =>
      `{ apiVersion: apps/v1, kind: DaemonSet, metadata: { name: ${name} } }`;
    assert.equal(inventoryOf(daemonSet("cilium")).hasCilium, true);
    assert.equal(inventoryOf(daemonSet("kindnet")).hasCilium, false);
    const cnp = "{ apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: { name: a } }";
    assert.equal(inventoryOf(cnp).hasCilium, true);
  });

  it("has the addresses of nodes and of the API server, and whether SCTP passes", () => {
    const { network, sctp, ignored } = inventoryOf(`
apiVersion: v1
kind: Node
metadata: { name: n }
spec: { podCIDR: 10.244.0.0/24 }
status: { addresses: [{ type: InternalIP, address: 10.0.0.2 }, { type: Hostname, address: n }] }
---
apiVersion: v1
kind: Endpoints
metadata: { name: kubernetes, namespace: default }
subsets: [{ addresses: [{ ip: 10.0.0.10 }], ports: [{ port: 6443 }] }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: cilium-config, namespace: kube-system }
data: { enable-sctp: "true" }
`);
    assert.deepEqual(
      [network, sctp, ignored],
      [
        { podCidrs: ["10.244.0.0/24"], nodeAddresses: ["10.0.0.2"], apiServerAddresses: ["10.0.0.10"] },
        true,
        {},
      ],
    );
  });
});
