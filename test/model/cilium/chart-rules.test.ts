import assert from "node:assert/strict";
import { ChartValues, rules } from "../../../model/cilium/chart-rules/index.ts";
import type { Values } from "../../../model/cilium/merge-values.ts";
import { ciliumProblems, settledValues } from "../../../model/cilium/values.ts";
import { parseChartVersion } from "../../../model/cilium/chart-version.ts";
import { formatProblem } from "../../../model/problem.ts";
import { ciliumSettings } from "../../support/datapath-options.ts";

const said = (version: string, values: Values) =>
  ciliumProblems({ settings: ciliumSettings(version, { values }) }).map(formatProblem);

/** What charts refuse, each in the first version that does so, and the newest version that does not. */
const cases: [what: string, since: string, before: string | undefined, values: Values, complaint: string][] =
  [
    [
      "Hubble's UI without its relay",
      "1.14.0",
      undefined,
      { hubble: { relay: { enabled: false } } },
      "cilium.hubble.ui: true needs cilium.values.hubble.relay.enabled: turn cilium.values.hubble.relay.enabled on, or this off",
    ],
    [
      "Hubble's relay without Hubble",
      "1.14.0",
      undefined,
      { hubble: { enabled: false } },
      "cilium.hubble.relay: true needs cilium.values.hubble.enabled: turn cilium.values.hubble.enabled on, or this off",
    ],
    [
      "a standalone UI without certificates",
      "1.14.0",
      undefined,
      { hubble: { ui: { standalone: { enabled: true } }, relay: { tls: { server: { enabled: true } } } } },
      "cilium.values.hubble.ui.standalone.tls.certsVolume: Missing: a standalone Hubble UI needs client certificates for a relay with TLS: name a volume with ca.crt, client.crt and client.key",
    ],
    [
      "Hubble's certificates by an issuer that nobody named",
      "1.14.0",
      undefined,
      { hubble: { tls: { auto: { method: "certmanager" } } } },
      "cilium.values.hubble.tls.auto.certManagerIssuerRef: Missing: hubble.tls.auto.method certmanager needs an issuer: name it by group, kind and name, or use the method helm",
    ],
    [
      "Hubble without a certificate",
      "1.14.0",
      undefined,
      { hubble: { relay: { enabled: false }, ui: { enabled: false }, tls: { auto: { enabled: false } } } },
      "cilium.values.hubble.tls.auto.enabled: false needs a certificate in hubble.tls.server: set hubble.tls.server.cert and key (or existingSecret, from chart 1.16.1 on), or leave the chart to make one",
    ],
    [
      "a relay without a certificate of its own",
      "1.16.1",
      undefined,
      { hubble: { tls: { auto: { enabled: false }, server: { existingSecret: "ours" } } } },
      "cilium.values.hubble.tls.auto.enabled: false needs a certificate in hubble.relay.tls.client: set hubble.relay.tls.client.cert and key (or existingSecret, from chart 1.16.1 on), or leave the chart to make one",
    ],
    [
      "a relay that serves TLS without a certificate",
      "1.16.1",
      undefined,
      {
        hubble: {
          tls: { auto: { enabled: false }, server: { existingSecret: "ours" } },
          relay: { tls: { client: { existingSecret: "ours" }, server: { enabled: true } } },
        },
      },
      "cilium.values.hubble.tls.auto.enabled: false needs a certificate in hubble.relay.tls.server: set hubble.relay.tls.server.cert and key (or existingSecret, from chart 1.16.1 on), or leave the chart to make one",
    ],
    [
      "an old front end of the UI",
      "1.14.0",
      undefined,
      { hubble: { ui: { frontend: { image: { tag: "v0.7.0" } } } } },
      "cilium.values.hubble.ui.frontend.image.tag: Hubble UI v0.7.0 is older than 0.9.0, which this chart needs: use v0.9.0 or newer, or leave the tag to the chart",
    ],
    [
      "headers shown and hidden",
      "1.15.0",
      undefined,
      { hubble: { redact: { http: { headers: { allow: ["a"], deny: ["b"] } } } } },
      "cilium.values.hubble.redact.http.headers: allow and deny are given together: keep one of them: headers are shown by allow, or hidden by deny",
    ],
    [
      "an old UI",
      "1.14.0",
      undefined,
      { hubble: { ui: { backend: { image: { tag: "v0.8.5" } } } } },
      "cilium.values.hubble.ui.backend.image.tag: Hubble UI v0.8.5 is older than 0.9.0, which this chart needs: use v0.9.0 or newer, or leave the tag to the chart",
    ],
    [
      "an ingress without Envoy",
      "1.14.0",
      undefined,
      { ingressController: { enabled: true }, l7Proxy: false },
      "cilium.values.ingressController.enabled: true goes through Envoy, which cilium.values.l7Proxy: false turns off: set cilium.values.l7Proxy: true, or turn this off",
    ],
    [
      "a gateway without Envoy",
      "1.14.0",
      undefined,
      { gatewayAPI: { enabled: true }, l7Proxy: false },
      "cilium.values.gatewayAPI.enabled: true goes through Envoy, which cilium.values.l7Proxy: false turns off: set cilium.values.l7Proxy: true, or turn this off",
    ],
    [
      "load balancing by an Envoy that is off",
      "1.14.2",
      "1.14.1",
      { loadBalancer: { l7: { backend: "envoy" } }, l7Proxy: false },
      "cilium.values.loadBalancer.l7.backend: envoy goes through Envoy, which cilium.values.l7Proxy: false turns off: set cilium.values.l7Proxy: true, or turn this off",
    ],
    [
      "an ingress with a traffic policy that there is not",
      "1.16.0",
      undefined,
      { ingressController: { enabled: true, service: { externalTrafficPolicy: "local" } } },
      'cilium.values.ingressController.service.externalTrafficPolicy: "local" is not a choice: use Cluster or Local',
    ],
    [
      "a gateway with a traffic policy that there is not",
      "1.16.0",
      undefined,
      { gatewayAPI: { enabled: true, externalTrafficPolicy: "" } },
      'cilium.values.gatewayAPI.externalTrafficPolicy: "" is not a choice: use Cluster or Local',
    ],
    [
      "a gateway without a decision on kube-proxy",
      "1.14.0",
      undefined,
      { gatewayAPI: { enabled: true }, kubeProxyReplacement: null, upgradeCompatibility: "1.13" },
      "cilium.values.gatewayAPI.enabled: true needs a kubeProxyReplacement that is true or false, not missing: set kubeProxyReplacement: true",
    ],
    [
      "SPIRE without authentication",
      "1.14.0",
      undefined,
      { authentication: { enabled: false, mutual: { spire: { enabled: true } } } },
      "cilium.values.authentication.mutual.spire.enabled: true needs authentication.enabled, which is false in charts from 1.19 on: set authentication.enabled: true, or turn SPIRE off",
    ],
    [
      "an Envoy ID out of range",
      "1.16.0",
      undefined,
      { envoy: { baseID: -1 } },
      "cilium.values.envoy.baseID: -1 is out of range: use 0 to 4294967295",
    ],
    [
      "a bad cluster name",
      "1.16.0",
      "1.15.19",
      { cluster: { name: "Prod_EU" } },
      'cilium.values.cluster.name: "Prod_EU" is not a cluster name: use lower-case letters, digits and -, at most 32 of them',
    ],
    [
      "a mesh of a size that there is not",
      "1.15.0",
      undefined,
      { clustermesh: { maxConnectedClusters: 300 } },
      "cilium.values.clustermesh.maxConnectedClusters: 300 is not a choice: use 255 or 511, the same in all clusters of the mesh",
    ],
    [
      "the mesh's certificates by an issuer that nobody named",
      "1.14.0",
      undefined,
      { clustermesh: { useAPIServer: true, apiserver: { tls: { auto: { method: "certmanager" } } } } },
      "cilium.values.clustermesh.apiserver.tls.auto.certManagerIssuerRef: Missing: clustermesh.apiserver.tls.auto.method certmanager needs an issuer: name it by group, kind and name, or use the method helm",
    ],
    [
      "a mode of authentication that there is not",
      "1.14.0",
      undefined,
      { clustermesh: { useAPIServer: true, apiserver: { tls: { authMode: "none" } } } },
      'cilium.values.clustermesh.apiserver.tls.authMode: "none" is not a choice: use legacy, migration or cluster',
    ],
    [
      "a mesh without endpoints",
      "1.15.0",
      "1.14.19",
      { clustermesh: { useAPIServer: true }, disableEndpointCRD: true },
      "cilium.values.clustermesh.useAPIServer: true needs the CRD CiliumEndpoint, which disableEndpointCRD: true takes away: set disableEndpointCRD: false",
    ],
    [
      "external workloads without endpoints",
      "1.15.0",
      "1.14.19",
      { externalWorkloads: { enabled: true }, disableEndpointCRD: true },
      "cilium.values.externalWorkloads.enabled: true needs the CRD CiliumEndpoint, which disableEndpointCRD: true takes away: set disableEndpointCRD: false",
    ],
    [
      "a mesh with identities elsewhere",
      "1.15.0",
      "1.14.19",
      { clustermesh: { useAPIServer: true }, identityAllocationMode: "kvstore" },
      "cilium.values.clustermesh.useAPIServer: true does not go with identityAllocationMode kvstore: keep identities in CRDs, or name the other clusters' kvstores in clustermesh.config",
    ],
    [
      "external workloads with identities elsewhere",
      "1.15.0",
      "1.14.19",
      { externalWorkloads: { enabled: true }, identityAllocationMode: "kvstore" },
      "cilium.values.externalWorkloads.enabled: true does not go with identityAllocationMode kvstore: keep identities in CRDs, or name the other clusters' kvstores in clustermesh.config",
    ],
    [
      "a mesh of kvstores without its mirror",
      "1.18.0",
      undefined,
      {
        clustermesh: { useAPIServer: true, apiserver: { kvstoremesh: { enabled: false } } },
        identityAllocationMode: "kvstore",
      },
      "cilium.values.clustermesh.apiserver.kvstoremesh.enabled: false does not go with identityAllocationMode kvstore: set it true, or name the other clusters' kvstores in clustermesh.config",
    ],
    [
      "a kvstore mode that there is not",
      "1.18.0",
      undefined,
      { clustermesh: { apiserver: { kvstoremesh: { kvstoreMode: "remote" } } } },
      'cilium.values.clustermesh.apiserver.kvstoremesh.kvstoreMode: "remote" is not a choice: use internal or external',
    ],
    [
      "an external kvstore of no mesh",
      "1.18.0",
      undefined,
      { clustermesh: { apiserver: { replicas: 2, kvstoremesh: { kvstoreMode: "external" } } } },
      "cilium.values.clustermesh.apiserver.kvstoremesh.kvstoreMode: external needs clustermesh.useAPIServer: true and clustermesh.apiserver.replicas: 1 and identityAllocationMode: kvstore: set them, or use internal",
    ],
    [
      "a cluster number that breaks policies on ENI",
      "1.16.4",
      "1.16.3",
      { cluster: { name: "a", id: 200 }, eni: { enabled: true } },
      "cilium.values.cluster.id: 200 makes policies drop what they allow in ENI mode and when chained to the AWS CNI (cilium #21330): use 1 to 127, or 256 to 383",
    ],
    [
      "partial replacement of kube-proxy",
      "1.16.0",
      "1.15.19",
      { kubeProxyReplacement: "partial" },
      'cilium.values.kubeProxyReplacement: "partial" is refused by this chart: use true, or false beside kube-proxy',
    ],
    [
      "a second address of the API server",
      "1.18.0",
      undefined,
      { k8sServiceHost: "10.0.0.10", k8sServiceHostRef: { name: "a", key: "b" } },
      'cilium.values.k8sServiceHostRef: Names the API server\'s address a second time, beside k8sServiceHost: leave it out, or set k8sServiceHost: "" beside it',
    ],
    [
      "netkit with tproxy",
      "1.19.0",
      "1.18.12",
      { bpf: { datapathMode: "netkit" } },
      "cilium.values.bpf.datapathMode: netkit does not go with bpf.tproxy: set bpf.tproxy: false beside it, or use veth",
    ],
    [
      "native routing without a range, where another plugin routes",
      "1.18.0",
      "1.17.18",
      { routingMode: "native", enableIPv4Masquerade: true, cni: { chainingMode: "generic-veth" } },
      "cilium.values.routingMode: native with enableIPv4Masquerade needs ipv4NativeRoutingCIDR: set it to the range that the network routes by itself, such as the pods'",
    ],
    [
      "native routing of IPv6 without a range",
      "1.18.0",
      "1.17.18",
      { routingMode: "native", ipv6: { enabled: true }, cni: { chainingMode: "generic-veth" } },
      "cilium.values.routingMode: native with enableIPv6Masquerade needs ipv6NativeRoutingCIDR: set it to the range that the network routes by itself, such as the pods'",
    ],
    [
      "a tunnel on GKE",
      "1.14.6",
      "1.14.5",
      { gke: { enabled: true }, routingMode: "tunnel" },
      "cilium.values.routingMode: tunnel does not go with gke.enabled: use native, or leave it out",
    ],
    [
      "native routing on AKS",
      "1.14.6",
      "1.14.5",
      { aksbyocni: { enabled: true }, routingMode: "native" },
      "cilium.values.routingMode: native does not go with aksbyocni.enabled: use tunnel, or leave it out",
    ],
    [
      "ENI addresses without ENI",
      "1.20.0",
      "1.19.6",
      { ipam: { mode: "eni" } },
      "cilium.values.ipam.mode: eni needs eni.enabled: set eni.enabled: true, or use another mode",
    ],
    [
      "a native range of several pools",
      "1.20.0",
      undefined,
      {
        ipam: {
          mode: "cluster-pool",
          operator: { clusterPoolIPv4PodCIDRList: ["10.0.0.0/16", "10.2.0.0/16"] },
        },
        nativeRoutingCIDRFromClusterPool: true,
      },
      "cilium.values.nativeRoutingCIDRFromClusterPool: true needs one range in ipam.operator.clusterPoolIPv4PodCIDRList, not 2: set ipv4NativeRoutingCIDR instead, to a range that holds them all",
    ],
    [
      "the API server looked up by a chart that cannot",
      "1.14.0",
      "1.16.0",
      { k8sServiceHost: "auto" },
      "cilium.values.k8sServiceHost: auto is the name of a host to charts before 1.16: name the API server's address in cluster.apiServer",
    ],
    [
      "BGP that announces nothing",
      "1.14.0",
      undefined,
      { bgp: { enabled: true } },
      "cilium.values.bgp.enabled: true announces nothing: set bgp.announce.loadbalancerIP or bgp.announce.podCIDR, or use bgpControlPlane",
    ],
    ...["prometheus", "operator.prometheus", "envoy.prometheus", "hubble.relay.prometheus"].map(
      (key): (typeof cases)[number] => [
        `a ServiceMonitor of ${key} without its CRD`,
        "1.14.0",
        undefined,
        key.split(".").reduceRight<Values>((inner, name) => ({ [name]: inner }), {
          enabled: true,
          serviceMonitor: { enabled: true },
        }),
        `cilium.values.${key}.serviceMonitor.enabled: true needs the CRD ServiceMonitor of the Prometheus operator, and nothing says that it is there: install it, and set prometheus.serviceMonitor.trustCRDsExist: true`,
      ],
    ),
    [
      "slices without endpoints",
      "1.16.0",
      undefined,
      { ciliumEndpointSlice: { enabled: true }, disableEndpointCRD: true },
      "cilium.values.ciliumEndpointSlice.enabled: true needs the CRD CiliumEndpoint, which disableEndpointCRD: true takes away: set disableEndpointCRD: false",
    ],
    [
      "slices of old without endpoints",
      "1.14.0",
      undefined,
      { enableCiliumEndpointSlice: true, disableEndpointCRD: true },
      "cilium.values.enableCiliumEndpointSlice: true needs the CRD CiliumEndpoint, which disableEndpointCRD: true takes away: set disableEndpointCRD: false",
    ],
    [
      "taints that stay",
      "1.14.0",
      undefined,
      { operator: { setNodeTaints: true, removeNodeTaints: false } },
      "cilium.values.operator.setNodeTaints: true needs operator.removeNodeTaints: no node would ever take pods: set operator.removeNodeTaints: true",
    ],
    [
      "labels that GKE acts on",
      "1.14.0",
      undefined,
      { gke: { enabled: true }, keepDeprecatedLabels: true },
      "cilium.values.keepDeprecatedLabels: true makes GKE remove Cilium's DaemonSet from kube-system: set it false",
    ],
    [
      "no status to write",
      "1.15.19",
      undefined,
      { endpointStatus: { enabled: true } },
      "cilium.values.endpointStatus.status: Missing: endpointStatus.enabled needs it: write some of policy, health, controllers, log and state, with a space between",
    ],
    [
      "a variable set twice",
      "1.18.0",
      "1.17.18",
      { extraEnv: [{ name: "KUBE_CLIENT_BACKOFF_BASE", value: "1" }] },
      "cilium.values.extraEnv: KUBE_CLIENT_BACKOFF_BASE is set by k8sClientExponentialBackoff, too: leave it out, or set k8sClientExponentialBackoff.enabled: false",
    ],
    [
      "a DNS proxy without a port",
      "1.19.0",
      undefined,
      { standaloneDnsProxy: { enabled: true } },
      "cilium.values.standaloneDnsProxy.enabled: true needs a fixed dnsProxy.proxyPort: set dnsProxy.proxyPort, to 10094 for one",
    ],
  ];

describe("chartRuleProblems()", () => {
  for (const [what, since, before, values, complaint] of cases) {
    it(`refuses ${what} in ${since}`, () => assert.deepEqual(said(since, values), [complaint]));
    if (before !== undefined)
      it(`takes ${what} in ${before}`, () => assert.deepEqual(said(before, values), []));
  }

  it("has a case for every rule", () => {
    const hits = new Set(
      cases.flatMap(([, version, , own]) => {
        const chart = parseChartVersion(version) ?? assert.fail(version);
        const values = settledValues(ciliumSettings(version, { values: own }));
        const seen = new ChartValues(values, chart, own, new Map());
        return rules.filter(({ check }) => check(seen));
      }),
    );
    assert.deepEqual(
      rules.filter((rule) => !hits.has(rule)).map(({ check }) => String(check)),
      [],
    );
  });

  it("takes a certificate by name, where the chart can", () => {
    const values: Values = {
      hubble: {
        relay: { enabled: false },
        ui: { enabled: false },
        tls: { auto: { enabled: false }, server: { existingSecret: "ours" } },
      },
    };
    assert.deepEqual(said("1.17.0", values), []);
  });

  it("takes a bad cluster name in a 1.16 that began before", () => {
    assert.deepEqual(said("1.16.0", { cluster: { name: "Prod_EU" }, upgradeCompatibility: "1.15" }), []);
    assert.equal(said("1.17.0", { cluster: { name: "Prod_EU" }, upgradeCompatibility: "1.15" }).length, 1);
  });
});
