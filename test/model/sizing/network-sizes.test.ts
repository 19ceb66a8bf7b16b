import assert from "node:assert/strict";
import fc from "fast-check";
import { networkSizes } from "../../../model/sizing/network-sizes.ts";
import { minimal, settingsOf } from "../../support/settings.ts";

/** Numbers of a cluster, by the keys of its section `cluster`. */
const sizesOf = (cluster: object, rest: object = {}) =>
  networkSizes(
    settingsOf({
      cluster: { ...minimal.cluster, podCidr: "10.0.0.0/8", serviceCidr: "172.16.0.0/12", ...cluster },
      ...rest,
    }),
  );
const valuesOf = (cluster: object, rest?: object): Record<string, number> =>
  Object.fromEntries(Object.entries(sizesOf(cluster, rest).all).map(([name, { value }]) => [name, value]));

/** A cluster of any shape; with a budget that none exceeds. */
const shapes = fc.record({
  nodes: fc.integer({ min: 1, max: 5000 }),
  cores: fc.integer({ min: 1, max: 1024 }),
  memory: fc.integer({ min: 1, max: 8192 }),
  podsPerNode: fc.integer({ min: 1, max: 1000 }),
  services: fc.integer({ min: 0, max: 100_000 }),
  servicePorts: fc.integer({ min: 1, max: 10 }),
  connections: fc.integer({ min: 1, max: 10_000_000 }),
  dnsQueriesPerSecond: fc.integer({ min: 1, max: 10_000_000 }),
});
type AnyShape = typeof shapes extends fc.Arbitrary<infer T> ? T : never;
const unbounded = { cilium: { bpfMemoryBudget: "1TiB" } };
const numbers = ({ cores, memory, ...rest }: AnyShape): Record<string, number> =>
  valuesOf({ ...rest, node: { cores, memory: `${memory}GiB` } }, unbounded);

/** What goes down when the cluster grows: a share of more memory, and what the kernel tidies earlier. */
const falling = new Set(["bpfMapRatio"]);

describe("networkSizes()", () => {
  it("gives whole numbers within limits, whatever the cluster", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        for (const [name, value] of Object.entries(numbers(shape))) {
          if (name === "bpfMapRatio") assert.ok(value >= 0.0025 && value <= 1);
          else
            assert.ok(
              Number.isSafeInteger(value) && value > (name === "lbEntries" ? -1 : 0),
              `${name} ${value}`,
            );
        }
      }),
    );
  });

  it("never gives a larger cluster, or a busier one, less", () => {
    const keys = ["nodes", "podsPerNode", "services", "servicePorts", "connections"] as const;
    fc.assert(
      fc.property(shapes, fc.constantFrom(...keys), fc.integer({ min: 1, max: 100 }), (shape, key, more) => {
        const most = {
          nodes: 5000,
          podsPerNode: 1000,
          services: 100_000,
          servicePorts: 10,
          connections: 10_000_000,
        };
        const [before, after] = [
          numbers(shape),
          numbers({ ...shape, [key]: Math.min(most[key], shape[key] + more) }),
        ];
        for (const [name, value] of Object.entries(before)) {
          if (!falling.has(name) && !(key === "nodes" && name.startsWith("bpf"))) {
            assert.ok((after[name] ?? NaN) >= value, `${name}: ${value} → ${after[name]} with more ${key}`);
          }
        }
      }),
    );
  });

  it("says of every number what it is, why and where from", () => {
    for (const [name, { unit, because, source }] of Object.entries(sizesOf({}).all)) {
      assert.ok(unit && because && source, name);
    }
  });

  it("changes with the number of nodes only what depends on it", () => {
    const [before, after] = [valuesOf({ nodes: 40 }), valuesOf({ nodes: 41 })];
    const changed = Object.keys(before).filter((name) => before[name] !== after[name]);
    assert.deepEqual(changed, [
      "pods",
      "endpoints",
      "identities",
      "dnsQueries",
      "lbEntries",
      "ciliumEndpointSlices",
      "bpfMemory",
    ]);
  });

  it("changes nothing but the slices with the number of pods, where all else is said", () => {
    const said = { endpoints: 500, identities: 100, dnsQueriesPerSecond: 100 };
    const [before, after] = [valuesOf({ ...said, pods: 5000 }), valuesOf({ ...said, pods: 5100 })];
    assert.deepEqual(
      Object.keys(before).filter((name) => before[name] !== after[name]),
      ["pods", "ciliumEndpointSlices"],
    );
  });

  it("leaves Cilium's numbers out where Cilium is not ours", () => {
    const { datapath, all } = sizesOf({}, { cilium: { enabled: false } });
    assert.equal(datapath, undefined);
    assert.ok(all.conntrackMax && !all.lbMapMax);
  });

  describe("with a large cluster", () => {
    const large = { nodes: 1000, podsPerNode: 50, services: 5000, node: { cores: 16, memory: "64GiB" } };
    it("counts a slot for each Service and each endpoint, on each port", () => {
      const { all } = sizesOf(large);
      assert.equal(all.lbEntries?.value, (5000 + 50_000) * 2);
      assert.equal(all.lbMapMax?.value, 262_144);
    });
    it("raises the neighbours that a node may know", () =>
      assert.deepEqual(
        ["neighbours1", "neighbours2", "neighbours3"].map((name) => valuesOf(large)[name]),
        [512, 2048, 4096],
      ));
  });

  it("gives the maps a larger share of memory when connections need it", () => {
    const { all } = sizesOf({ connections: 500_000, node: { cores: 8, memory: "32GiB" } });
    assert.equal(all.bpfMapRatio?.value, 0.01);
    assert.ok((all.bpfCtTcp?.value ?? 0) * 0.75 >= 500_000);
  });

  it("does not resize maps for a load that is only assumed", () => {
    const { all } = sizesOf({ podsPerNode: 1000, node: { cores: 64, memory: "8GiB" } });
    assert.equal(all.connections?.value, 500_000);
    assert.equal(all.bpfMapRatio?.value, 0.0025);
  });

  it("takes what the user's own chart values say", () => {
    const values = {
      bpf: { lbMapMax: 70_000, ctTcpMax: 500_000, mapDynamicSizeRatio: 0 },
      k8sClientRateLimit: { qps: 50 },
      operator: { replicas: 3 },
      ipv6: { enabled: true },
    };
    const { all } = sizesOf({}, { cilium: { values } });
    assert.deepEqual(all.lbMapMax, {
      value: 70_000,
      unit: "entries",
      because: "set by cilium.values.bpf.lbMapMax",
      source: "settings",
    });
    assert.equal(all.agentApiQps?.value, 50);
    assert.equal(all.operatorReplicas?.value, 3);
    assert.equal(all.bpfCtTcp?.value, 500_000);
    assert.equal(all.bpfMapRatio?.value, 0.0025);
    assert.ok((all.bpfMemory?.value ?? 0) > 2 * (sizesOf({}).all.bpfMemory?.value ?? NaN), "a second family");
  });

  describe("with node pools", () => {
    const nodePools = [
      { name: "web", count: 10, cores: 4, memory: "16GiB" },
      { name: "data", count: 3, cores: 32, memory: "128GiB" },
    ];
    const { all } = sizesOf({ nodes: undefined, nodePools });

    it("sizes what holds for every node by the least of them", () => {
      assert.equal(all.conntrackMax?.value, 131_072);
      assert.equal(all.bpfCtTcp?.value, 150_700);
    });
    it("says for each pool what its agents do", () => {
      assert.equal(all["web.bpfCtTcp"]?.value, 150_700);
      assert.equal(all["data.bpfCtTcp"]?.value, 1_205_604);
      assert.ok((all["data.bpfMemory"]?.value ?? 0) > (all["web.bpfMemory"]?.value ?? 0));
    });
    it("names no pool where there is one kind", () => {
      const [pool] = nodePools;
      const one = sizesOf({ nodes: undefined, nodePools: [pool] }).all;
      assert.deepEqual(
        Object.keys(one).filter((name) => name.includes(".")),
        [],
      );
    });
  });
});
