import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { readStackFile } from "../../sandbox/stack-file.ts";
import { readSettings, settingsSchema } from "../../model/settings.ts";
import { complaints, minimal, settingsOf } from "../support/settings.ts";

const cluster = (over: object) => ({ cluster: { ...minimal.cluster, ...over } });

describe("readSettings()", () => {
  it("fills in the defaults", () => {
    const settings = settingsOf({});
    assert.equal(settings.cluster.podCidr, "10.244.0.0/16");
    assert.equal(settings.cluster.apiServer, "auto");
    assert.deepEqual(settings.dns.cache, {
      success: 9984,
      ttlSeconds: 30,
      denial: 9984,
      denialTtlSeconds: 5,
    });
    assert.deepEqual(settings.namespaces, []);
    assert.deepEqual(settings.cluster.node, { cores: 4, memory: "8GiB" });
  });

  it("counts the nodes of pools, and takes the least of them for the smallest node", () => {
    const pools = [
      { name: "large", count: 4, cores: 8, memory: "64GiB", kernel: "6.1" },
      { name: "many-cores", count: 2, cores: 32, memory: "32 GiB", kernel: "5.15.0" },
      { name: "plain", count: 1, memory: "64G" },
    ];
    const { cluster } = settingsOf({ cluster: { name: "test", nodePools: pools } });
    assert.equal(cluster.nodes, 7);
    assert.deepEqual(cluster.node, { cores: 4, memory: "32 GiB", kernel: "5.15.0" });
  });

  const cases: [title: string, raw: object, complaint: string][] = [
    [
      "a missing key",
      {},
      "cluster: Missing: set it (Name, size, address ranges and API server of the cluster)",
    ],
    [
      "a mistyped key, with the one that was meant",
      { ...minimal, namespace: [] },
      "namespace: Unknown key namespace: did you mean namespaces?",
    ],
    [
      "a mistyped key further down",
      cluster({ podCIDR: "10.0.0.0/8" }),
      "cluster.podCIDR: Unknown key podCIDR: did you mean podCidr?",
    ],
    [
      "a cluster without nodes",
      { cluster: { name: "test" } },
      "cluster.nodes: Missing: set it (Number of nodes. Default: those of nodePools)",
    ],
    [
      "a number of nodes that is not that of the pools",
      cluster({ nodes: 3, nodePools: [{ name: "a", count: 2 }] }),
      "cluster.nodes: 3 is not valid: leave it out: nodePools have 2",
    ],
    [
      "a node next to pools",
      cluster({ nodes: undefined, node: { cores: 4 }, nodePools: [{ name: "a", count: 2 }] }),
      'cluster.node: {"cores":4} is not valid: leave it out: nodePools say it for each pool',
    ],
    [
      "two pools of the same name",
      cluster({
        nodes: 2,
        nodePools: [
          { name: "a", count: 1 },
          { name: "a", count: 1 },
        ],
      }),
      "cluster.nodePools[1].name: A pool a stands at cluster.nodePools[0] already: merge the two entries, or rename one",
    ],
    ["a wrong type", cluster({ nodes: "three" }), 'cluster.nodes: "three" is not a number: use 1 to 5000'],
    ["a value below its range", cluster({ nodes: 0 }), "cluster.nodes: 0 is out of range: use 1 to 5000"],
    [
      "a number out of range where a text may stand, too",
      { ...minimal, namespaces: [{ name: "shop", flows: [{ from: "a", to: "b", port: 0 }] }] },
      "namespaces[0].flows[0].port: 0 is out of range: use 1 to 65535",
    ],
    [
      "a value above its range",
      cluster({ nodes: 5001 }),
      "cluster.nodes: 5001 is out of range: use 1 to 5000",
    ],
    [
      "a wrong choice",
      { ...minimal, dns: { policy: "sequental" } },
      'dns.policy: "sequental" is not a choice: did you mean sequential?',
    ],
    [
      "a bad name",
      cluster({ name: "Prod_EU" }),
      'cluster.name: "Prod_EU" is not valid: use lower-case letters, digits and -, at most 32 of them',
    ],
    [
      "an incomplete branch of a union",
      cluster({ apiServer: { host: "10.0.0.1", prt: 6443 } }),
      "cluster.apiServer.prt: Unknown key prt: did you mean port?",
    ],
    [
      "a value that fits no branch of a union",
      cluster({ apiServer: "automatic" }),
      'cluster.apiServer: "automatic" is not valid: use auto, or write an object with host, port',
    ],
    [
      "overlapping ranges",
      cluster({ serviceCidr: "10.244.128.0/20" }),
      "cluster.serviceCidr: 10.244.128.0/20 overlaps cluster.podCidr 10.244.0.0/16: give pods, Services and nodes ranges that share no address",
    ],
    [
      "a pod range with too little room",
      cluster({ nodes: 20, podCidr: "10.244.0.0/20" }),
      "cluster.podCidr: 10.244.0.0/20 holds 16 nodes at a /24 each, not 20: use a /19 or larger range",
    ],
    [
      "an address that is none",
      cluster({ podCidr: "10.444.0.0/16" }),
      "cluster.podCidr: 10.444.0.0/16 is not a network: write an address and a prefix length, such as 10.244.0.0/16",
    ],
    [
      "two namespaces of the same name",
      { ...minimal, namespaces: [{ name: "shop" }, { name: "shop" }] },
      "namespaces[1].name: A namespace shop stands at namespaces[0] already: merge the two entries, or rename one",
    ],
    [
      "Hubble's UI without its relay",
      { ...minimal, cilium: { hubble: { relay: false } } },
      "cilium.hubble.ui: true needs cilium.hubble.relay: turn cilium.hubble.relay on, or this off",
    ],
    [
      "two sources of the chart",
      { ...minimal, cilium: { chart: { path: "x", oci: "oci://x" } } },
      "cilium.chart: path and oci are given together: keep one of repository, path, oci",
    ],
    [
      "a chart version from the future",
      { ...minimal, cilium: { version: "1.21.0" } },
      "cilium.version: Chart 1.21.0 is not known here: use 1.14.0 to 1.20.x",
    ],
    [
      "a kernel that is no version",
      cluster({ node: { kernel: "new" } }),
      'cluster.node.kernel: "new" is not valid: write a version, such as 5.15',
    ],
    [
      "a feature that no kernel is asked for",
      cluster({ kernelHas: ["tcxx"] }),
      'cluster.kernelHas[0]: "tcxx" is not a choice: did you mean tcx?',
    ],
  ];
  for (const [title, raw, complaint] of cases) {
    it(`refuses ${title}`, () => assert.deepEqual(complaints(raw), [complaint]));
  }

  it("reports every problem at once", () => {
    assert.equal(complaints({ cluster: { name: "X", nodes: 0 }, dnss: {} }).length, 3);
  });

  it("refuses bpf.conntrack with the keys that do exist", () => {
    const [complaint, ...others] = complaints({
      ...minimal,
      cilium: { values: { bpf: { conntrack: { enabled: true } } } },
    });
    assert.match(
      complaint ?? "",
      /^cilium\.values\.bpf\.conntrack: No version of the chart has bpf\.conntrack/,
    );
    assert.match(complaint ?? "", /bpf\.ctTcpMax/);
    assert.deepEqual(others, []);
  });

  it("never throws, whatever it is given", () => {
    for (const raw of [undefined, null, 1, "x", [], { cluster: [] }, { ...minimal, namespaces: [null] }]) {
      assert.ok(readSettings(raw).problems.length > 0, JSON.stringify(raw));
    }
  });
});

describe("Pulumi.yaml", () => {
  it("declares the same keys as the schema, with a type and the same description, but for what a profile chooses", () => {
    const { config } = parse(readFileSync("Pulumi.yaml", "utf8")) as {
      config: Record<string, { type: string; description: string }>;
    };
    // The engine hands a default of the project on as if the stack had said it.
    const shape = Object.fromEntries(
      Object.entries(settingsSchema.shape).filter(([key]) => key !== "datapath"),
    );
    assert.deepEqual(
      Object.keys(config).sort(),
      Object.keys(shape)
        .map((key) => `cluster-network:${key}`)
        .sort(),
    );
    for (const [key, schema] of Object.entries(shape)) {
      assert.equal(config[`cluster-network:${key}`]?.description, schema.description, key);
    }
  });
});

for (const stack of ["dev", "prod"]) {
  describe(`Pulumi.${stack}.yaml`, () => {
    it("is valid", () => {
      assert.deepEqual(complaints(readStackFile(`Pulumi.${stack}.yaml`)), []);
    });

    it("holds no salt of anybody's stack", () => {
      const keys = Object.keys(parse(readFileSync(`Pulumi.${stack}.yaml`, "utf8")) as object);
      assert.deepEqual(keys, ["config"]);
    });
  });
}
