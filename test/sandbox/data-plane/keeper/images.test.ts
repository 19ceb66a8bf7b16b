import assert from "node:assert/strict";
import { commandOf, imageOf, isPreparedAlready } from "../../../../sandbox/data-plane/keeper/images.ts";

const programs = {
  peer: "/p/peer",
  coredns: "/p/coredns",
  ciliumAgent: "/p/agent",
  ciliumOperator: "/p/operator",
  ciliumCni: "/p/cni",
  ciliumDbg: "/p/dbg",
  ciliumHealthResponder: "/p/responder",
  hubbleFlows: "/p/flows",
  ciliumBpf: "/p/bpf",
};
const context = { programs, compilerFolder: "/c" };

describe("imageOf()", () => {
  for (const reference of [
    "coredns",
    "registry.example/coredns/coredns:v1.14.2",
    "registry.example:5000/coredns:v1",
    "registry.example/coredns@sha256:0123",
    "registry.example/coredns:v1@sha256:0123",
  ]) {
    it(`knows ${reference} by its last part`, () => {
      assert.deepEqual(imageOf(reference, context)?.files, { "/coredns": "/p/coredns" });
    });
  }

  for (const reference of ["", "nginx", "coredns-extra:v1", "cilium/cilium-envoy:v1"]) {
    it(`has no program for ${JSON.stringify(reference)}`, () => {
      assert.equal(imageOf(reference, context), undefined);
    });
  }

  it("gives the agent its sources as a copy, for it writes among them", () => {
    const image = imageOf("quay.example/cilium/cilium:v1.15.19@sha256:01", context);
    assert.deepEqual(image?.copies, { "/var/lib/cilium/bpf": "/p/bpf" });
  });
});

describe("commandOf()", () => {
  const image = imageOf("peer", context);
  assert.ok(image);

  it("runs the image's own program with the container's arguments", () => {
    assert.deepEqual(commandOf(image, { args: ["serve"] }), ["/p/peer", "serve"]);
  });

  it("lets the container's command stand for it", () => {
    assert.deepEqual(commandOf(image, { command: ["a", "b"], args: ["c"] }), ["a", "b", "c"]);
  });
});

describe("isPreparedAlready()", () => {
  it("leaves out what would change the machine, of Cilium's image alone", () => {
    assert.ok(isPreparedAlready("quay.example/cilium/cilium:v1.15.19", "mount-cgroup"));
    assert.ok(!isPreparedAlready("quay.example/cilium/cilium:v1.15.19", "config"));
    assert.ok(!isPreparedAlready("mine/tool:v1", "mount-cgroup"));
  });
});
