import assert from "node:assert/strict";
import { changes, changesOnTheWay } from "../../../../model/cilium/breaking-changes/index.ts";
import { effectiveValues } from "../../../../model/cilium/datapath/index.ts";
import type { Values } from "../../../../model/cilium/merge-values.ts";

/** A step into a minor, from the one before it (patch 0 unless told otherwise), with the same values. */
function stepInto(minor: number, values: Values, { from = `1.${minor - 1}.0`, kernel }: Step = {}) {
  const before = effectiveValues(from, values);
  return changesOnTheWay({ before, after: effectiveValues(`1.${minor}.0`, values), kernel });
}
interface Step {
  readonly from?: string;
  readonly kernel?: string;
}

const ipsec = { encryption: { enabled: true, type: "ipsec" } };
const replaced = { kubeProxyReplacement: true };
const backOff = { extraEnv: [{ name: "KUBE_CLIENT_BACKOFF_BASE", value: "1" }] };

/** Values that each change concerns, and the word for it. What begins alike is told apart by its end. */
const concerned: [minor: number, what: RegExp, verdict: "breaks" | "look", values: Values, step?: Step][] = [
  [15, /^The value tunnel was removed/, "breaks", { tunnel: "disabled" }],
  [15, /^Agents with BPF masquerading/, "breaks", { bpf: { masquerade: true } }],
  [
    15,
    /^DSR with Geneve/,
    "breaks",
    { routingMode: "native", loadBalancer: { mode: "dsr", dsrDispatch: "geneve" } },
  ],
  [15, /^IPAM mode cluster-pool-v2beta/, "breaks", { ipam: { mode: "cluster-pool-v2beta" } }],
  [15, /deprecated in 1\.14 were removed$/, "breaks", { enableCnpStatusUpdates: true }],
  [15, /no longer select reserved:init/, "look", {}],
  [16, /^kubeProxyReplacement takes/, "breaks", { kubeProxyReplacement: "strict" }],
  [16, /^The cluster's name must be/, "breaks", { cluster: { name: "Prod_EU" } }],
  [16, /deprecated in 1\.14 and 1\.15/, "breaks", { encryption: { secretName: "keys" } }],
  [16, /^Policies with DNS names .* prepare for$/, "look", {}, { from: "1.15.5" }],
  [16, /by tcx/, "look", {}],
  [16, /KVStoreMesh/, "look", { clustermesh: { useAPIServer: true } }],
  [16, /^Load balancer pools/, "look", { l2announcements: { enabled: true } }],
  [16, /^IPsec keys must be per tunnel/, "look", ipsec],
  [16, /^An empty list of peers/, "look", {}],
  [17, /^The cluster's name is checked/, "breaks", { cluster: { name: "Prod_EU" } }],
  [17, /^WireGuard without/, "breaks", { encryption: { wireguard: { userspaceFallback: true } } }],
  [17, /^BGP by MetalLB/, "breaks", { bgp: { enabled: true } }],
  [17, /^The detected MTU/, "look", {}],
  [17, /^IPsec with a single key/, "look", ipsec],
  [17, /^Consul, and an etcd/, "look", { etcd: { enabled: true } }],
  [18, /^Host ports and external IPs/, "breaks", { hostPort: { enabled: true } }],
  [18, /deprecated in 1\.16/, "breaks", { enableCiliumEndpointSlice: true }],
  [18, /^External workloads/, "breaks", { externalWorkloads: { enabled: true } }],
  [18, /Linux 5\.10/, "look", {}],
  [18, /special attention/, "look", ipsec],
  [18, /v2alpha1 objects of the BGP/, "look", { bgpControlPlane: { enabled: true } }],
  [18, /back-off towards the API server/, "breaks", backOff],
  [19, /^Node ports are served/, "breaks", { nodePort: { enabled: true } }],
  [19, /^CiliumBGPPeeringPolicy/, "look", { bgpControlPlane: { enabled: true } }],
  [19, /^Mutual authentication/, "breaks", { authentication: { mutual: { spire: { enabled: true } } } }],
  [19, /no longer pass the host's netfilter/, "look", { ...ipsec, ...replaced, bpf: { masquerade: true } }],
  [19, /clustermesh-remote-users/, "look", { clustermesh: { useAPIServer: true } }],
  [19, /^DNS patterns/, "look", {}],
  [19, /deprecated in 1\.18/, "breaks", { l2podAnnouncements: { interface: "eth0" } }],
  [20, /strict encryption/, "breaks", { encryption: { strictMode: { enabled: true } } }],
  [20, /deprecated in 1\.19/, "breaks", { clustermesh: { enableMCSAPISupport: true } }],
  [
    20,
    /^Certificates of ClusterMesh/,
    "breaks",
    { clustermesh: { apiserver: { tls: { auto: { enabled: false }, server: { cert: "PEM" } } } } },
  ],
  [20, /^L7 rules for Kafka/, "look", {}],
  [20, /^CiliumNodeConfig/, "look", {}],
  [20, /^Node ports are balanced/, "look", { ...replaced, gatewayAPI: { enabled: true } }],
  [20, /CNI configuration is of version/, "look", { cni: { customConf: true } }],
];

/** Values that have nothing to do with a change that depends on values. */
const innocent = { ...replaced, bpf: { masquerade: true, enableTCX: false }, MTU: 1500 };
/** What no value rules out, because it is about objects in the cluster. */
const alwaysLook = /reserved:init|An empty list|DNS patterns|Kafka|CiliumNodeConfig/;

describe("changesOnTheWay()", () => {
  for (const [minor, what, verdict, values, step] of concerned) {
    it(`1.${minor} ${verdict === "breaks" ? "breaks" : "needs a look with"} ${JSON.stringify(values)} (${what.source})`, () => {
      const found = stepInto(minor, values, step).filter((change) => what.test(change.what));
      assert.deepEqual(
        found.map(({ concern, version }) => [concern?.verdict, version]),
        [[verdict, `1.${minor}`]],
      );
    });

    if (alwaysLook.test(what.source)) continue;
    it(`1.${minor} does not mind values without it (${what.source})`, () => {
      const found = stepInto(minor, innocent, { from: `1.${minor - 1}.30`, kernel: "6.1" }).filter((change) =>
        what.test(change.what),
      );
      assert.deepEqual(
        found.map(({ concern }) => concern),
        [undefined],
      );
    });
  }

  it("has a case for every change", () => {
    const uncovered = changes
      .filter(({ on }) => on !== "down")
      .filter(({ minor, what }) => !concerned.some(([m, pattern]) => m === minor && pattern.test(what)));
    assert.deepEqual(uncovered, []);
  });

  it("says all that lies between, in order, and nothing else", () => {
    const before = effectiveValues("1.16.4", {});
    const found = changesOnTheWay({ before, after: effectiveValues("1.18.0", {}) });
    const versions = found.map(({ version }) => version);
    assert.deepEqual([...new Set(versions)], ["1.17", "1.18"]);
    assert.deepEqual(versions, [...versions].sort());
  });

  it("finds nothing between two patch releases", () => {
    assert.deepEqual(
      changesOnTheWay({ before: effectiveValues("1.16.4", {}), after: effectiveValues("1.16.9", {}) }),
      [],
    );
  });

  it("says on the way back what breaks on the way back", () => {
    const found = changesOnTheWay({
      before: effectiveValues("1.16.4", {}),
      after: effectiveValues("1.15.19", {}),
    });
    assert.deepEqual(
      found.map(({ version, concern }) => [version, concern?.verdict]),
      [["1.16", "look"]],
    );
  });

  it("lets a cluster that began before 1.16 keep its name for one minor", () => {
    const values = { cluster: { name: "Prod_EU" }, upgradeCompatibility: "1.15" };
    const said = (minor: number) =>
      stepInto(minor, values).find(({ what }) => what.startsWith("The cluster's name"))?.concern;
    assert.equal(said(16), undefined);
    assert.equal(said(17)?.verdict, "breaks");
  });

  it("does not show texts, which may be keys", () => {
    const values = {
      clustermesh: { apiserver: { tls: { ca: { key: "s3cret", cert: "PEM" } } } },
      enableCnpStatusUpdates: true,
    };
    const found = stepInto(15, values).find(({ concern }) => concern?.because.includes("ca.key"));
    assert.equal(
      found?.concern?.because,
      "enableCnpStatusUpdates: true is given, clustermesh.apiserver.tls.ca.cert is given, clustermesh.apiserver.tls.ca.key is given",
    );
  });
});
