import assert from "node:assert/strict";
import { formatProblem } from "../../../model/problem.ts";
import { checkUserValues } from "../../../model/cilium/user-values.ts";
import type { Values } from "../../../model/cilium/merge-values.ts";

const complaints = (values: Values, version: string) =>
  checkUserValues(values, version).problems.map(formatProblem);

describe("checkUserValues()", () => {
  const taken: [what: string, version: string, values: Values][] = [
    ["nothing", "1.20.2", {}],
    ["keys of the version", "1.20.2", { bpf: { lbMapMax: 131_072 }, socketLB: { hostNamespaceOnly: true } }],
    [
      "keys that values.yaml only has in comments",
      "1.14.0",
      { policyAuditMode: true, kubeProxyReplacement: true },
    ],
    ["what may have any keys", "1.20.2", { podAnnotations: { "a.b/c": "d" }, extraConfig: { x: "y" } }],
    ["null for the chart's default", "1.20.2", { bpf: { lbMapMax: null } }],
    ["words of old in a chart that takes them", "1.15.19", { kubeProxyReplacement: "strict" }],
    ["old keys in a chart that has them", "1.14.0", { tunnel: "disabled" }],
  ];
  for (const [what, version, values] of taken) {
    it(`takes ${what}`, () => {
      assert.deepEqual(checkUserValues(values, version), { values, problems: [], translated: [] });
    });
  }

  const moved: [what: string, version: string, values: Values, given: Values][] = [
    ["a tunnel of old", "1.15.0", { tunnel: "geneve" }, { routingMode: "tunnel", tunnelProtocol: "geneve" }],
    [
      "keys of IPsec",
      "1.16.0",
      { encryption: { enabled: true, secretName: "ours" } },
      { encryption: { enabled: true, ipsec: { secretName: "ours" } } },
    ],
    [
      "strict mode",
      "1.20.0",
      { encryption: { strictMode: { enabled: true, cidr: "10.0.0.0/8" } } },
      { encryption: { strictMode: { egress: { enabled: true, cidr: "10.0.0.0/8" } } } },
    ],
    ["slices", "1.18.0", { enableCiliumEndpointSlice: true }, { ciliumEndpointSlice: { enabled: true } }],
    [
      "Envoy's port",
      "1.16.0",
      { proxy: { prometheus: { port: 9964 } } },
      { envoy: { prometheus: { port: "9964" } } },
    ],
    ["strict", "1.16.0", { kubeProxyReplacement: "strict" }, { kubeProxyReplacement: true }],
    ["disabled", "1.16.0", { kubeProxyReplacement: "disabled" }, { kubeProxyReplacement: false }],
    [
      "node ports, to nothing",
      "1.19.0",
      { nodePort: { enabled: true, range: "30000,32767" } },
      { nodePort: { range: "30000,32767" } },
    ],
    ["null, to nothing", "1.20.2", { tunnel: null, remoteNodeIdentity: null }, {}],
  ];
  for (const [what, version, values, given] of moved) {
    it(`translates ${what}`, () => {
      const checked = checkUserValues(values, version);
      assert.deepEqual(checked.problems, []);
      assert.deepEqual(checked.values, given);
    });
  }

  it("says what it translated", () => {
    assert.deepEqual(
      checkUserValues({ tunnel: "disabled", remoteNodeIdentity: true }, "1.20.2").translated.map(
        formatProblem,
      ),
      [
        "cilium.values.remoteNodeIdentity: Chart 1.20.2 has no remoteNodeIdentity any more and is given nothing instead: leave it out",
        'cilium.values.tunnel: Chart 1.20.2 has no tunnel any more and is given {"routingMode":"native"} instead: write routingMode: native, or tunnelProtocol: vxlan or geneve',
      ],
    );
  });

  it("lets a new key win over the old one beside it", () => {
    const values = { encryption: { keyFile: "old", ipsec: { keyFile: "new" } } };
    assert.deepEqual(checkUserValues(values, "1.20.2").values, { encryption: { ipsec: { keyFile: "new" } } });
  });

  const refused: [what: string, version: string, values: Values, complaint: string][] = [
    [
      "a key that came later",
      "1.16.0",
      { bpf: { distributedLRU: { enabled: true } } },
      "cilium.values.bpf.distributedLRU: bpf.distributedLRU exists from chart 1.17.2 on, and this is 1.16.0: use chart 1.17.2 or newer, or leave it out",
    ],
    [
      "a key that has another name here",
      "1.15.19",
      { ciliumEndpointSlice: { enabled: true } },
      "cilium.values.ciliumEndpointSlice.enabled: ciliumEndpointSlice.enabled exists from chart 1.16 on, and this is 1.15.19: write enableCiliumEndpointSlice here, or use chart 1.16 or newer, or leave it out",
    ],
    [
      "a key that came in a patch of this minor",
      "1.15.2",
      { sysctlfix: { enabled: false } },
      "cilium.values.sysctlfix: sysctlfix exists in charts 1.14.13 to 1.14.x and from chart 1.15.7 on, and this is 1.15.2: use chart 1.15.7 or newer, or leave it out",
    ],
    [
      "a key that went, and says what nothing says now",
      "1.17.0",
      { encryption: { wireguard: { userspaceFallback: true } } },
      "cilium.values.encryption.wireguard.userspaceFallback: encryption.wireguard.userspaceFallback exists up to chart 1.16.x, and this is 1.17.0: leave it out and give the nodes a kernel with WireGuard (5.6 or newer)",
    ],
    [
      "a key that went without a successor",
      "1.20.2",
      { etcd: { clusterSize: 3 } },
      "cilium.values.etcd.clusterSize: etcd.clusterSize exists up to chart 1.15.x, and this is 1.20.2: leave it out",
    ],
    [
      "node ports without the replacement of kube-proxy",
      "1.20.2",
      { kubeProxyReplacement: false, nodePort: { enabled: true } },
      "cilium.values.nodePort.enabled: nodePort.enabled exists up to chart 1.18.x, and this is 1.20.2: leave it out: it comes with kubeProxyReplacement: true",
    ],
    [
      "a mistyped key",
      "1.20.2",
      { bpf: { masquarade: true } },
      "cilium.values.bpf.masquarade: No version of the chart has bpf.masquarade: did you mean bpf.masquerade?",
    ],
    [
      "a key at the wrong place",
      "1.20.2",
      { tproxy: true },
      "cilium.values.tproxy: No version of the chart has tproxy: did you mean bpf.tproxy?",
    ],
    [
      "an unknown key among few",
      "1.17.0",
      { bandwidthManager: { speed: 1 } },
      "cilium.values.bandwidthManager.speed: No version of the chart has bandwidthManager.speed: use one of bbr, enabled, or leave it out",
    ],
    [
      "an unknown key among many",
      "1.20.2",
      { gadgets: { enabled: true } },
      "cilium.values.gadgets: No version of the chart has gadgets: leave it out, or look it up in the chart's values.yaml",
    ],
    [
      "a value of another type",
      "1.20.2",
      { hubble: { enabled: "yes" } },
      'cilium.values.hubble.enabled: "yes" is not true or false: use true or false; the chart\'s default is true',
    ],
    [
      "a value where an object belongs",
      "1.20.2",
      { bandwidthManager: true },
      "cilium.values.bandwidthManager: true is not an object: write an object with bbr, bbrHostNamespaceOnly, enabled",
    ],
    [
      "null where templates read on",
      "1.17.0",
      { bandwidthManager: null },
      "cilium.values.bandwidthManager: null is not an object: write an object with bbr, enabled",
    ],
  ];
  for (const [what, version, values, complaint] of refused) {
    it(`refuses ${what}`, () => assert.deepEqual(complaints(values, version), [complaint]));
  }

  it("refuses bpf.conntrack in every version, with the keys that there are", () => {
    for (const version of ["1.14.0", "1.17.2", "1.20.2"]) {
      const [complaint = "", ...others] = complaints({ bpf: { conntrack: { enabled: true } } }, version);
      assert.match(complaint, /^cilium\.values\.bpf\.conntrack: No version of the chart has bpf\.conntrack/);
      assert.match(complaint, /bpf\.ctTcpMax/);
      assert.deepEqual(others, []);
    }
  });

  it("gives nothing of what it refuses", () => {
    const values = { bpf: { masquarade: true, conntrack: { enabled: true } }, gadgets: 1 };
    assert.deepEqual(checkUserValues(values, "1.20.2").values, {});
  });

  it("gives the same in the same order, however it was written", () => {
    const one = checkUserValues({ routingMode: "native", bpf: { tproxy: true, ctTcpMax: 5 } }, "1.20.2");
    const other = checkUserValues({ bpf: { ctTcpMax: 5, tproxy: true }, routingMode: "native" }, "1.20.2");
    assert.equal(JSON.stringify(one), JSON.stringify(other));
  });

  it("changes nothing of what it was given", () => {
    const values = { tunnel: "disabled", bpf: { tproxy: true } };
    const copy = structuredClone(values);
    checkUserValues(values, "1.20.2");
    assert.deepEqual(values, copy);
  });
});
