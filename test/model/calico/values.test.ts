import assert from "node:assert/strict";
import { atPath } from "../../../model/tree.ts";
import { calicoValues } from "../../../model/calico/values.ts";
import { minimal, settingsOf } from "../../support/settings.ts";

function valuesOf(calico: object = {}, cluster: object = {}) {
  const settings = settingsOf({ datapath: "calico", calico, cluster: { ...minimal.cluster, ...cluster } });
  return calicoValues({
    settings: settings.calico,
    podCidr: settings.cluster.podCidr,
    apiServer: { host: "10.0.0.10", port: 6443 },
  });
}

describe("calicoValues()", () => {
  it("are a network by VXLAN, iptables and one pool, and nothing that is not needed", () =>
    assert.deepEqual(valuesOf(), {
      installation: {
        cni: { type: "Calico", ipam: { type: "Calico" } },
        calicoNetwork: {
          linuxDataplane: "Iptables",
          bgp: "Disabled",
          ipPools: [
            {
              cidr: "10.244.0.0/16",
              encapsulation: "VXLAN",
              natOutgoing: "Enabled",
              nodeSelector: "all()",
              blockSize: 26,
            },
          ],
        },
      },
    }));

  it("have BGP where routes come from nowhere else", () => {
    const bgp = (encapsulation: string) =>
      atPath(valuesOf({ encapsulation }), "installation.calicoNetwork.bgp");
    assert.deepEqual(["VXLAN", "VXLANCrossSubnet", "IPIP", "IPIPCrossSubnet", "None"].map(bgp), [
      "Disabled",
      "Disabled",
      "Enabled",
      "Enabled",
      "Enabled",
    ]);
  });

  it("take the pool, its blocks and the MTU from the settings", () => {
    const network = atPath(
      valuesOf({ podCidr: "10.244.0.0/20", blockSize: 24, mtu: 1400 }),
      "installation.calicoNetwork",
    ) as { mtu: number; ipPools: { cidr: string; blockSize: number }[] };
    assert.equal(network.mtu, 1400);
    assert.deepEqual(
      network.ipPools.map(({ cidr, blockSize }) => [cidr, blockSize]),
      [["10.244.0.0/20", 24]],
    );
  });

  it("have blocks of 64 addresses with IPv6, too", () => {
    const values = valuesOf({}, { podCidr: "fd00:10::/56", serviceCidr: "fd00:20::/112" });
    assert.match(JSON.stringify(values), /"blockSize":122/);
  });

  it("take operator and all else from a mirror", () => {
    const values = valuesOf({ imageRegistry: "registry.example/mirror" });
    assert.equal(atPath(values, "installation.registry"), "registry.example/mirror");
    assert.equal(atPath(values, "tigeraOperator.registry"), "registry.example/mirror");
  });

  it("turn flows off in the charts that have them", () => {
    const off = (version: string) => {
      const { goldmane, whisker } = valuesOf({ flows: false, version });
      return [goldmane, whisker];
    };
    assert.deepEqual(off("v3.31.7"), [{ enabled: false }, { enabled: false }]);
    assert.deepEqual(off("v3.29.7"), [undefined, undefined]);
    assert.equal(valuesOf().goldmane, undefined);
  });

  it("tell the API server's address only where nobody serves its Service", () => {
    assert.deepEqual(valuesOf({ dataplane: "ebpf" }).kubernetesServiceEndpoint, {
      host: "10.0.0.10",
      port: "6443",
    });
    assert.equal(valuesOf().kubernetesServiceEndpoint, undefined);
  });

  it("have the user's own over all", () => {
    const values = valuesOf({ values: { installation: { calicoNetwork: { hostPorts: "Disabled" } } } });
    assert.equal(atPath(values, "installation.calicoNetwork.hostPorts"), "Disabled");
    assert.equal(atPath(values, "installation.calicoNetwork.bgp"), "Disabled");
  });
});
