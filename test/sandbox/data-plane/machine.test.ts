import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import type { Kernel } from "../../../sandbox/data-plane/kernel.ts";
import {
  cgroup2Mount,
  type Machine,
  memoryNeeded,
  readMachine,
  refusal,
  shortcomings,
} from "../../../sandbox/data-plane/machine.ts";
import { programNeeds } from "../../../sandbox/data-plane/programs.ts";
import { skipWithout } from "../../support/machine.ts";

const kernel: Kernel = {
  release: "6.1.0-18-amd64",
  options: undefined,
  loaded: new Set(),
  available: undefined,
  proofs: new Set([
    "/proc/sys/kernel/unprivileged_bpf_disabled",
    "/proc/sys/net/core/bpf_jit_enable",
    "/proc/self/cgroup",
    "/proc/sys/kernel/perf_event_paranoid",
    "/proc/self/ns/net",
    "/proc/self/ns/pid",
  ]),
};

/** Has all that the data plane needs; without CAP_SYS_RESOURCE, which it does not. */
const able: Machine = {
  platform: "linux",
  uid: 0,
  inUserNamespace: false,
  capabilities: 0x1fffeffffffn,
  kernel,
  fileSystems: new Set(["nodev", "bpf", "cgroup2", "ext4"]),
  cgroup2: { mount: "/sys/fs/cgroup" },
  availableMemory: 8192,
  programs: new Map(programNeeds.map(({ name }) => [name, { path: `/usr/bin/${name}` }])),
};

const linesOf = (over: Partial<Machine>, nodes = 2): string[] =>
  shortcomings({ ...able, ...over }, nodes).map(({ message, remedy }) => `${message}: ${remedy}`);

describe("shortcomings()", () => {
  it("finds none on a machine that has everything", () => assert.deepEqual(linesOf({}, 3), []));

  it("says of another system nothing but that", () => {
    assert.deepEqual(linesOf({ platform: "darwin", uid: 501, programs: new Map() }), [
      "This is darwin, and eBPF runs in Linux only: run it on a Linux machine or in a virtual one",
    ]);
  });

  it("wants root, of the machine and not of a user namespace", () => {
    const cgroup2 = { mount: "/sys/fs/cgroup", problem: "permission denied" };
    assert.deepEqual(linesOf({ uid: 1000, capabilities: 0n, cgroup2 }), [
      "This process runs as user 1000: run it as root",
    ]);
    assert.deepEqual(linesOf({ inUserNamespace: true }), [
      "User 0 is root of a user namespace only, which may not load eBPF programs: " +
        "run it as the machine's root, or in a privileged container",
    ]);
  });

  it("names each capability that is missing", () => {
    assert.deepEqual(linesOf({ capabilities: able.capabilities & ~(1n << 12n) }), [
      "Root lacks CAP_NET_ADMIN here, needed to set up devices and routes: " +
        "run it outside of the container, or in a privileged one",
    ]);
    // What Docker gives an unprivileged container.
    assert.deepEqual(
      shortcomings({ ...able, capabilities: 0xa80425fbn }, 1).map(({ feature }) => feature),
      ["CAP_SYS_ADMIN", "CAP_NET_ADMIN", "CAP_IPC_LOCK"],
    );
  });

  it("names each file system that is missing", () => {
    const remedy = "boot a kernel that has it, as the distributions' own kernels do";
    assert.deepEqual(linesOf({ fileSystems: new Set(["cgroup2"]) }), [
      `The kernel does not know the file system bpf: ${remedy}`,
    ]);
    assert.deepEqual(linesOf({ fileSystems: new Set(["bpf"]), cgroup2: undefined }), [
      `The kernel does not know the file system cgroup2: ${remedy}`,
    ]);
  });

  it("wants cgroup2 mounted, writable, and with cgroup.kill", () => {
    assert.deepEqual(linesOf({ cgroup2: undefined }), [
      "No cgroup2 is mounted: " +
        "mkdir -p /sys/fs/cgroup/unified && mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified",
    ]);
    assert.deepEqual(linesOf({ cgroup2: { mount: "/sys/fs/cgroup", problem: "it has no cgroup.kill" } }), [
      "No group can be made and ended in /sys/fs/cgroup (it has no cgroup.kill): " +
        "mount cgroup2 writable, on Linux 5.14 or newer",
    ]);
  });

  it("wants memory by the number of nodes, and says how many would fit", () => {
    assert.deepEqual(
      [1, 2, 3].map((nodes) => linesOf({ availableMemory: memoryNeeded(nodes) }, nodes)),
      [[], [], []],
    );
    assert.deepEqual(linesOf({ availableMemory: 1600 }, 3), [
      "1600 MiB of memory are available, and 3 nodes need 1930 MiB: free memory, or start 2 nodes",
    ]);
    assert.deepEqual(linesOf({ availableMemory: 1129 }, 1), [
      "1129 MiB of memory are available, and 1 node needs 1130 MiB: free memory",
    ]);
  });

  it("names the Debian package of each program that is missing", () => {
    for (const { name, debian } of programNeeds) {
      const programs = new Map([...able.programs].filter(([found]) => found !== name));
      const [line, ...more] = linesOf({ programs });
      assert.match(line ?? "", new RegExp(`^No ${name} is on PATH; .+: apt-get install ${debian}$`));
      assert.deepEqual(more, []);
    }
  });

  it("says what a program complained about", () => {
    const clang = { path: "/usr/bin/clang", problem: "error: unknown target triple 'bpf'" };
    const [line] = linesOf({ programs: new Map([...able.programs, ["clang", clang]]) });
    assert.match(
      line ?? "",
      /^Program \/usr\/bin\/clang does not work \(error: unknown target triple 'bpf'\); /,
    );
  });

  it("passes the kernel's gaps on", () => {
    assert.match(linesOf({ kernel: { ...kernel, release: "4.9.0" } })[0] ?? "", /^Kernel 4\.9\.0 is older /);
  });
});

describe("refusal()", () => {
  it("prints one shortcoming or many, a line each", () => {
    const missing = shortcomings({ ...able, uid: 1000, cgroup2: undefined }, 1);
    assert.deepEqual(refusal(missing).split("\n"), [
      "This machine lacks 2 features that the data plane needs:",
      "  - This process runs as user 1000: run it as root",
      "  - No cgroup2 is mounted: " +
        "mkdir -p /sys/fs/cgroup/unified && mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified",
    ]);
    assert.match(refusal(missing.slice(1)), /^This machine lacks a feature that the data plane needs:\n/);
  });
});

describe("cgroup2Mount()", () => {
  const line = (root: string, mount: string, type: string): string =>
    `41 31 0:38 ${root} ${mount} rw,relatime shared:9 - ${type} ${type} rw`;

  it("finds it beside version 1, and with blanks in its path", () => {
    const text = [line("/", "/sys/fs/cgroup/cpu", "cgroup"), line("/", "/run/a\\040b", "cgroup2")].join("\n");
    assert.equal(cgroup2Mount(text), "/run/a b");
  });

  it("prefers the whole hierarchy to a part of it", () => {
    const text = [line("/node-1", "/run/node-1", "cgroup2"), line("/", "/sys/fs/cgroup", "cgroup2")].join(
      "\n",
    );
    assert.equal(cgroup2Mount(text), "/sys/fs/cgroup");
    assert.equal(cgroup2Mount(line("/node-1", "/run/node-1", "cgroup2")), "/run/node-1");
  });

  it("finds nothing where it is not mounted", () => {
    assert.equal(cgroup2Mount(line("/", "/sys/fs/cgroup/cpu", "cgroup")), undefined);
  });
});

describe("readMachine()", () => {
  it("leaves no group behind", () => {
    const { cgroup2 } = readMachine();
    if (cgroup2 === undefined) return;
    const own = readdirSync(cgroup2.mount).filter((name) => name === `cluster-network-trial-${process.pid}`);
    assert.deepEqual(own, []);
  });

  it("finds the kernel to have what can be made with it", function () {
    skipWithout(this, /^(Linux|root|CAP_.*|ip|unshare|mount)$/);
    const makeAll = [
      "mount -t bpf bpf /mnt",
      "ip link add name node type veth peer name pod",
      "ip link add name outside type bridge",
      "ip link add name tunnel type vxlan id 1 dstport 8472",
      "ip rule add fwmark 1 lookup 100",
    ].join(" && ");
    const { status, stderr } = spawnSync("unshare", [
      "--net",
      "--mount",
      "--pid",
      "--fork",
      "sh",
      "-c",
      makeAll,
    ]);
    if (status !== 0) {
      if (this.test) this.test.title += ` (skipped: ${stderr.toString().trim()})`;
      this.skip();
    }
    const of = ["CONFIG_VETH", "CONFIG_BRIDGE", "CONFIG_VXLAN", "CONFIG_NET_NS", "CONFIG_PID_NS"];
    const made = new Set([...of, "CONFIG_IP_MULTIPLE_TABLES", "bpf file system"]);
    assert.deepEqual(
      shortcomings(readMachine(), 1).filter(({ feature }) => made.has(feature)),
      [],
    );
  });

  it("finds nothing missing where the data plane's programs are installed", function () {
    skipWithout(this, /^(Linux|root|memory|cgroup2|CAP_.*|CONFIG_.*|clang|bpftool|ip6?tables)$/);
    assert.deepEqual(shortcomings(readMachine(), 1), []);
  });
});
