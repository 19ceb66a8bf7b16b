import assert from "node:assert/strict";
import { parse } from "yaml";
import { kubeadmObjects } from "../../../sandbox/control-plane/kubeadm.ts";
import type { ConfigMapManifest, Manifest } from "../../../sandbox/control-plane/manifest.ts";

const facts = {
  server: "https://127.0.0.1:12345",
  authority: "-----BEGIN CERTIFICATE-----\n",
  clusterDomain: "prod.example",
  podCidr: "10.0.0.0/10",
  serviceCidr: "10.200.0.0/16",
  dnsAddress: "10.200.0.10",
};

describe("kubeadmObjects()", () => {
  const objects = kubeadmObjects(facts);
  const find = (kind: string, name: string): Manifest => {
    const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
    assert.ok(found, `${kind} ${name}`);
    return found;
  };
  const data = (configMap: string, key: string): string =>
    (find("ConfigMap", configMap) as ConfigMapManifest).data[key] ?? "";

  it("is complete and has no object twice", () => {
    const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`);
    assert.equal(new Set(names).size, names.length);
    const kinds = (kind: string): string[] =>
      objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);
    assert.deepEqual(kinds("ConfigMap"), [
      "coredns",
      "kube-proxy",
      "kubeadm-config",
      "kubelet-config",
      "cluster-info",
    ]);
    assert.deepEqual(kinds("ServiceAccount"), ["coredns", "kube-proxy"]);
    assert.deepEqual([...kinds("Deployment"), ...kinds("DaemonSet")], ["coredns", "kube-proxy"]);
  });

  it("keeps kubeadm's Corefile but for the domain", () => {
    assert.equal(
      data("coredns", "Corefile"),
      `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes prod.example in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success prod.example
       disable denial prod.example
    }
    loop
    reload
    loadbalance
}
`,
    );
  });

  it("puts the DNS Service at its address", () => {
    const service = find("Service", "kube-dns") as Manifest & { spec: Record<string, unknown> };
    assert.equal(service.spec.clusterIP, "10.200.0.10");
    assert.deepEqual(service.spec.selector, { "k8s-app": "kube-dns" });
  });

  it("tells the API server's address wherever kubeadm does", () => {
    for (const text of [data("kube-proxy", "kubeconfig.conf"), data("cluster-info", "kubeconfig")]) {
      const { clusters } = parse(text) as { clusters: [{ cluster: { server: string } }] };
      assert.equal(clusters[0].cluster.server, facts.server);
    }
    const recorded = parse(data("kubeadm-config", "ClusterConfiguration")) as Record<string, unknown>;
    assert.equal(recorded.controlPlaneEndpoint, "127.0.0.1:12345");
  });

  it("publishes the certificates to trust, and only those", () => {
    const { clusters, users } = parse(data("cluster-info", "kubeconfig")) as {
      clusters: [{ cluster: Record<string, string> }];
      users: unknown;
    };
    const trusted = clusters[0].cluster["certificate-authority-data"] ?? "";
    assert.equal(Buffer.from(trusted, "base64").toString(), facts.authority);
    assert.equal(users, null);
  });

  it("tells ranges, domain and DNS address to the nodes", () => {
    const recorded = parse(data("kubeadm-config", "ClusterConfiguration")) as { networking: unknown };
    assert.deepEqual(recorded.networking, {
      dnsDomain: "prod.example",
      podSubnet: "10.0.0.0/10",
      serviceSubnet: "10.200.0.0/16",
    });
    const kubelet = parse(data("kubelet-config", "kubelet")) as Record<string, unknown>;
    assert.deepEqual([kubelet.clusterDomain, kubelet.clusterDNS], ["prod.example", ["10.200.0.10"]]);
    assert.match(data("kube-proxy", "config.conf"), /^clusterCIDR: 10\.0\.0\.0\/10$/m);
  });

  it("leaves the rest of a configuration as kubeadm lays it out", () => {
    const config = data("kube-proxy", "config.conf");
    assert.match(config, /^conntrack:\n {2}maxPerCore: null\n {2}min: null\n {2}tcpBeLiberal: false\n/m);
    assert.match(config, /^mode: ""$/m);
    assert.match(data("kube-proxy", "kubeconfig.conf"), /^clusters:\n- cluster:\n/m);
    assert.doesNotMatch(config, /\n$/);
  });
});
