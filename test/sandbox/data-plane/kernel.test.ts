import assert from "node:assert/strict";
import {
  type Kernel,
  kernelGaps,
  kernelProofs,
  parseKernelConfig,
} from "../../../sandbox/data-plane/kernel.ts";

const modules = ["cls_bpf", "sch_ingress", "veth", "bridge", "overlay", "vxlan"];
/** As Debian configures its kernels, without what is not asked for. */
const debian = new Map<string, string>([
  ..."BPF_SYSCALL BPF_JIT NET_CLS_ACT CGROUPS CGROUP_BPF PERF_EVENTS IP_MULTIPLE_TABLES NET_NS PID_NS"
    .split(" ")
    .map((name): [string, string] => [name, "y"]),
  ..."NET_CLS_BPF NET_SCH_INGRESS VETH BRIDGE OVERLAY_FS VXLAN"
    .split(" ")
    .map((name): [string, string] => [name, "m"]),
]);
const kernel: Kernel = {
  release: "6.1.0-18-amd64",
  options: debian,
  loaded: new Set(),
  available: new Set(modules),
  proofs: new Set(kernelProofs),
};
const gaps = (over: Partial<Kernel>): string[] =>
  kernelGaps({ ...kernel, ...over }).map(({ message }) => message);
const features = (over: Partial<Kernel>): string[] =>
  kernelGaps({ ...kernel, ...over }).map(({ feature }) => feature);

describe("kernelGaps()", () => {
  it("finds none in a distribution's kernel", () => assert.deepEqual(gaps({}), []));

  it("finds none where everything is built in and modules are unknown", () => {
    const options = new Map([...debian.keys()].map((name) => [name, "y"]));
    assert.deepEqual(gaps({ options, available: undefined }), []);
  });

  it("names each option that is missing, and what it is needed for", () => {
    for (const name of debian.keys()) {
      const options = new Map([...debian].filter(([option]) => option !== name));
      const [message, ...more] = gaps({ options });
      assert.match(
        message ?? "",
        new RegExp(`^Kernel 6\\.1\\.0-18-amd64 lacks CONFIG_${name}, needed to \\w`),
      );
      assert.deepEqual(more, []);
    }
  });

  it("takes a module that is loaded, or that can be", () => {
    assert.deepEqual(gaps({ loaded: new Set(modules), available: undefined }), []);
    const rest = new Set(modules.filter((name) => name !== "vxlan"));
    assert.deepEqual(gaps({ available: rest }), [
      "Kernel 6.1.0-18-amd64 has CONFIG_VXLAN as the module vxlan, which is neither loaded nor installed, " +
        "needed to carry pod traffic between nodes, the baseline's routing",
    ]);
  });

  it("goes by /proc where the configuration is not published", () => {
    assert.deepEqual(features({ options: undefined, proofs: new Set() }), [
      "CONFIG_BPF_SYSCALL",
      "CONFIG_BPF_JIT",
      "CONFIG_CGROUPS",
      "CONFIG_PERF_EVENTS",
      "CONFIG_NET_NS",
      "CONFIG_PID_NS",
    ]);
  });

  it("goes by the machine's lists of modules where the configuration is not published", () => {
    assert.deepEqual(features({ options: undefined, available: new Set(modules.slice(1)) }), [
      "CONFIG_NET_CLS_BPF",
    ]);
  });

  it("takes what cannot be found out to be there", () => {
    assert.deepEqual(gaps({ options: undefined, available: undefined }), []);
  });

  for (const [release, old] of [
    ["4.9.0", true],
    ["4.19.56-generic", true],
    ["4.19.57", false],
    ["5.4", false],
    ["10.0.0-rc1", false],
  ] as const) {
    it(`takes ${release} to be ${old ? "too old" : "new enough"}`, () => {
      assert.deepEqual(features({ release }), old ? ["kernel version"] : []);
    });
  }
});

describe("parseKernelConfig()", () => {
  it("reads values and leaves out what is not set", () => {
    const text = '# Networking\nCONFIG_VETH=m\n# CONFIG_DUMMY is not set\nCONFIG_LSM="bpf"\nCONFIG_BPF=y\n';
    assert.deepEqual(
      [...parseKernelConfig(text)],
      [
        ["VETH", "m"],
        ["LSM", '"bpf"'],
        ["BPF", "y"],
      ],
    );
  });
});
