import assert from "node:assert/strict";
import { formatProblem } from "../../../model/problem.ts";
import { calicoUserProblems } from "../../../model/calico/user-values.ts";

const said = (values: Record<string, unknown>, version = "v3.31.7"): string[] =>
  calicoUserProblems(values, version).map(formatProblem);

describe("calicoUserProblems()", () => {
  it("takes what the chart has, and all below what it hands on unread", () =>
    assert.deepEqual(
      said({
        apiServer: { enabled: false },
        tolerations: [],
        priorityClassName: null,
        kubernetesServiceEndpoint: { host: "10.0.0.10", port: 6443 },
        installation: {
          calicoNodeDaemonSet: { spec: { anything: true } },
          calicoNetwork: { hostPorts: "Disabled", ipPools: [{ cidr: "10.244.0.0/16" }] },
        },
      }),
      [],
    ));

  const wrong: [what: string, values: Record<string, unknown>, version: string, says: string[]][] = [
    [
      "a mistyped key, with the one that was meant",
      { installation: { calicoNetwrk: {} } },
      "v3.31.7",
      [
        "calico.values.installation.calicoNetwrk: No version of the chart has installation.calicoNetwrk: did you mean installation.calicoNetwork?",
      ],
    ],
    [
      "a key in the wrong place",
      { calicoNetwork: { mtu: 1400 }, mtu: 1400 },
      "v3.31.7",
      [
        "calico.values.calicoNetwork: No version of the chart has calicoNetwork: use one of additionalLabels, affinity, apiServer, calicoctl, certs, defaultFelixConfiguration, dnsConfig, goldmane, …, or leave it out",
        "calico.values.mtu: No version of the chart has mtu: did you mean installation.calicoNetwork.mtu?",
      ],
    ],
    [
      "a key that came later",
      { goldmane: { enabled: false } },
      "v3.28.5",
      [
        "calico.values.goldmane: goldmane exists from v3.30 on, and this is v3.28.5: leave it out, or use another chart",
      ],
    ],
    [
      "a key that has gone",
      { kubeletVolumePluginPath: "None" },
      "v3.31.7",
      [
        "calico.values.kubeletVolumePluginPath: kubeletVolumePluginPath exists up to v3.30, and this is v3.31.7: leave it out, or use another chart",
      ],
    ],
    [
      "values of another type, and words that are no choice",
      { manageCRDs: "yes", installation: { controlPlaneReplicas: "2", calicoNetwork: { bgp: true } } },
      "v3.31.7",
      [
        "calico.values.installation.calicoNetwork.bgp: true is not Enabled or Disabled: use Enabled or Disabled",
        'calico.values.installation.controlPlaneReplicas: "2" is not a whole number: use a whole number',
        'calico.values.manageCRDs: "yes" is not true or false: use true or false',
      ],
    ],
    [
      "a scalar where keys belong",
      { tigeraOperator: "quay.io/tigera/operator" },
      "v3.31.7",
      [
        'calico.values.tigeraOperator: "quay.io/tigera/operator" is not an object: use keys such as image, registry, version',
      ],
    ],
    [
      "a key that one chart alone has",
      { installation: { cni: { specVersion: "Auto" } } },
      "v3.32.1",
      [
        "calico.values.installation.cni.specVersion: installation.cni.specVersion exists in v3.31, and this is v3.32.1: leave it out, or use another chart",
      ],
    ],
  ];
  for (const [what, values, version, says] of wrong) {
    it(`refuses ${what}`, () => assert.deepEqual(said(values, version), says));
  }

  it("refuses what would be kept in the clear, without showing it", () => {
    const found = said({ imagePullSecrets: { gcr: "hush" }, certs: { node: { key: "hush" } } }).join("\n");
    assert.match(found, /^calico\.values\.certs\.node\.key: Would be kept in the clear in the state: make/);
    assert.match(
      found,
      /calico\.values\.imagePullSecrets: Would be kept in the clear in the state: make the Secret/,
    );
    assert.ok(!found.includes("hush"));
  });
});
