import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
  attachedToRoot,
  type BpfOutputs,
  type BpfPlace,
  difference,
  entries,
  snapshot,
} from "../../../sandbox/data-plane/bpf.ts";
import { skipWithout } from "../../support/machine.ts";

/** Printed by bpftool 7.1 on Linux 6.18, in a namespace with a veth pair and a group below /cn-recording. */
const recorded = Object.fromEntries(
  ["prog", "map", "link", "cgroup", "net"].map((kind): [string, unknown] => [
    kind,
    JSON.parse(readFileSync(`test/fixtures/bpf/${kind}.json`, "utf8")),
  ]),
) as unknown as BpfOutputs;

const elsewhere: BpfPlace = {
  cgroupMount: "/sys/fs/cgroup/unified",
  groups: new Map([
    [1, "/"],
    [101, "/cn-recording/node-1"],
  ]),
  netns: 4026531840,
};
const nothing: BpfOutputs = { prog: [], map: [], link: [], cgroup: [], net: [] };
const texts = (outputs: Partial<BpfOutputs>, place: Partial<BpfPlace> = {}): string[] =>
  entries({ ...nothing, prog: recorded.prog, ...outputs }, { ...elsewhere, ...place }).map(
    ({ text }) => text,
  );

describe("entries()", () => {
  it("lists programs and maps by id, name and type", () => {
    const lines = texts({ map: recorded.map });
    assert.equal(lines.length, 6);
    assert.equal(lines[0], "program 497 (from_container, sched_cls)");
    assert.equal(lines[5], "map 59 (counts, hash)");
  });

  it("tells the group of a link by its path", () => {
    assert.ok(
      texts({ link: recorded.link }).includes(
        "link 90 holds program 499 (sock4_sendmsg) on group /cn-recording/node-1 as cgroup_udp4_sendmsg",
      ),
    );
  });

  it("says that a link's group is gone", () => {
    assert.match(
      texts({ link: recorded.link }, { groups: new Map() })[5] ?? "",
      / on group 101, which is gone as /,
    );
  });

  it("lists what hangs on groups, held by a link or not", () => {
    assert.deepEqual(texts({ prog: [], cgroup: recorded.cgroup }), [
      "program 498 (sock4_connect) is on group /cn-recording/node-1 as cgroup_inet4_connect",
      "program 499 (sock4_sendmsg) is on group /cn-recording/node-1 as cgroup_udp4_sendmsg",
    ]);
  });

  it("lists what hangs on devices", () => {
    assert.deepEqual(texts({ net: recorded.net }).slice(-2), [
      "program 502 (entry) is on device eth0 as xdp generic",
      "program 497 (from_container) is on device lxc0 as tc clsact/ingress",
    ]);
  });
});

describe("attachedToRoot()", () => {
  const attached = (outputs: Partial<BpfOutputs>, place: Partial<BpfPlace> = {}): string[] =>
    attachedToRoot(entries({ ...nothing, prog: recorded.prog, ...outputs }, { ...elsewhere, ...place }));

  it("passes what hangs on a group below the root and in other network namespaces", () => {
    assert.deepEqual(attached({ map: recorded.map, link: recorded.link, cgroup: recorded.cgroup }), []);
  });

  it("finds a program on the root group", () => {
    const cgroup = recorded.cgroup.map((group) => ({ ...group, cgroup: elsewhere.cgroupMount }));
    assert.equal(
      attached({ cgroup })[0],
      "program 498 (sock4_connect) is on group / as cgroup_inet4_connect",
    );
  });

  it("finds a link on the root group, also where its folder cannot be seen", () => {
    const link = recorded.link.slice(0, 1).map((one) => ({ ...one, cgroup_id: 1 }));
    for (const place of [{}, { groups: new Map<number, string>() }]) {
      assert.deepEqual(attached({ link }, place), [
        "link 90 holds program 499 (sock4_sendmsg) on group / as cgroup_udp4_sendmsg",
      ]);
    }
  });

  it("finds a link on the network namespace that was looked at, and its devices", () => {
    const link = recorded.link.slice(1);
    assert.deepEqual(attached({ link, net: recorded.net }, { netns: link[0]?.netns_ino ?? 0 }), [
      "link 91 holds program 500 (lookup_sk) on network namespace 4026532178 as sk_lookup",
      "program 502 (entry) is on device eth0 as xdp generic",
      "program 497 (from_container) is on device lxc0 as tc clsact/ingress",
    ]);
  });
});

describe("difference()", () => {
  const all = entries(recorded, elsewhere);

  it("is empty for the same state", () => assert.deepEqual(difference(all, all), []));

  it("does not count what others had loaded before, nor what went", () => {
    assert.deepEqual(difference(all, all.slice(3)), []);
  });

  it("counts each new thing", () => {
    const before = all.filter(({ key }) => key !== "map 59" && key !== "link 90");
    assert.deepEqual(difference(before, all), [
      "map 59 (counts, hash)",
      "link 90 holds program 499 (sock4_sendmsg) on group /cn-recording/node-1 as cgroup_udp4_sendmsg",
    ]);
  });

  it("counts a program that moved to another hook", () => {
    const moved = recorded.cgroup.map((group) => ({ ...group, cgroup: elsewhere.cgroupMount }));
    const after = entries({ ...recorded, cgroup: moved }, elsewhere);
    assert.equal(difference(all, after).length, 2);
  });
});

describe("snapshot()", () => {
  it("is taken of this machine", function () {
    skipWithout(this, /^(Linux|root|CAP_SYS_ADMIN|bpftool|cgroup2)$/);
    for (const { key, text } of snapshot()) assert.ok(key !== "" && text !== "");
  });
});
