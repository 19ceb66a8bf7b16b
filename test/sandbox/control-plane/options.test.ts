import assert from "node:assert/strict";
import { isAbsolute, join } from "node:path";
import { plan } from "../../../sandbox/control-plane/options.ts";

const programs = { controlPlane: "/c", kwok: { path: "/k", stages: "/s" } };

describe("plan()", () => {
  it("fills in a kubeadm-like cluster of three nodes", () => {
    const { folder, nodes, ...rest } = plan({ programs });
    assert.deepEqual(rest, {
      programs,
      name: "default",
      detached: false,
      port: undefined,
      address: undefined,
      clusterDomain: "cluster.local",
      podCidr: "10.244.0.0/16",
      serviceCidr: "10.96.0.0/12",
      dnsAddress: "10.96.0.10",
      keepLogs: false,
      timeoutSeconds: 60,
    });
    assert.ok(isAbsolute(folder) && folder.endsWith(join(".sandbox", "default")));
    assert.deepEqual(nodes, [
      {
        count: 3,
        name: "node",
        cores: 16,
        memory: "64GiB",
        kernelVersion: "5.15.0",
        kubernetesVersion: "v1.36.3",
        labels: {},
      },
    ]);
  });

  it("takes one pool or several", () => {
    assert.equal(plan({ programs, nodes: { count: 1 } }).nodes.length, 1);
    assert.equal(plan({ programs, nodes: [{ count: 1 }, { count: 2, name: "big" }] }).nodes.length, 2);
  });

  it("makes the folder independent of the working directory", () => {
    assert.equal(plan({ programs, folder: "x" }).folder, join(process.cwd(), "x"));
  });

  it("lists everything that cannot be, with the given value", () => {
    const wrong = {
      programs,
      name: "Demo 1",
      podCidr: "10.244.0.1/16",
      serviceCidr: "10.96.0.0/29",
      port: 70_000,
      address: "here",
      nodes: [{ count: Number.NaN }, { count: 1, name: "a_b", cores: 0, memory: "64" }],
    };
    assert.throws(() => plan(wrong), {
      name: "ControlPlaneError",
      message: [
        "The control plane's options do not fit",
        'name is "Demo 1": use lower case letters, digits and dashes',
        'podCidr is "10.244.0.1/16": use an IPv4 range like 10.244.0.0/16',
        'serviceCidr is "10.96.0.0/29": use an IPv4 range like 10.96.0.0/12, /28 or larger',
        "port is 70000: use 1 to 65535",
        "nodes[0].count is NaN: use 0 or more",
        'nodes[1].name is "a_b": use lower case letters, digits and dashes',
        "nodes[1].cores is 0: use more than 0",
        'nodes[1].memory is "64": use an amount like 64GiB, 256MiB or more',
        'address is "here": use an IPv4 address',
      ].join("\n  - "),
    });
  });

  it("simulates no nodes without kwok", () => {
    const without = { controlPlane: "/c" };
    assert.deepEqual(
      plan({ programs: without }).nodes.map(({ count }) => count),
      [0],
    );
    assert.throws(
      () => plan({ programs: without, nodes: { count: 2 } }),
      /nodes is 2: give kwok, which simulates them, or none/,
    );
  });

  it("keeps pods, Services and nodes apart", () => {
    assert.throws(
      () => plan({ programs, serviceCidr: "10.0.0.0/8" }),
      /podCidr is "10.244.0.0\/16": pods, Services \(10.0.0.0\/8\) and nodes \(172.18.0.0\/16\) overlap/,
    );
    assert.throws(() => plan({ programs, podCidr: "172.16.0.0/12" }), /overlap/);
  });

  it("sees that the pods' range is too small for the nodes", () => {
    assert.equal(plan({ programs, nodes: { count: 256 } }).nodes[0]?.count, 256);
    assert.throws(
      () => plan({ programs, nodes: { count: 257 } }),
      /podCidr is "10.244.0.0\/16": use a larger range: 257 nodes need a \/24 each/,
    );
  });
});
