import assert from "node:assert/strict";
import fc from "fast-check";
import { cidrContains } from "../../../model/cidr.ts";
import { cidrPeer, internetPeers } from "../../../model/policies/flow-cidr.ts";
import { settingsOf } from "../../support/settings.ts";

const settings = settingsOf({});

/** Whether a range minus its exceptions holds an address. */
const holds = ({ cidr, except }: { cidr: string; except: readonly string[] }, address: string): boolean => {
  const host = `${address}/${address.includes(":") ? 128 : 32}`;
  return cidrContains(cidr, host) && !except.some((range) => cidrContains(range, host));
};
const peerOf = (cidr: string, except: string[] = []) => {
  const found = cidrPeer(cidr, except, settings);
  assert.ok("kind" in found, JSON.stringify(found));
  return found;
};
const refusal = (cidr: string, except: string[] = []): string => {
  const found = cidrPeer(cidr, except, settings);
  assert.ok("message" in found);
  return `${found.message}: ${found.remedy}`;
};

describe("internetPeers()", () => {
  const peers = internetPeers(
    settingsOf({ cluster: { name: "t", nodes: 1, podCidr: "44.0.0.0/16", nodeCidr: "45.0.0.0/24" } }),
  );
  const reaches = (address: string): boolean => peers.some((peer) => holds(peer, address));

  it("holds public addresses of both families", () => {
    for (const address of ["1.1.1.1", "203.0.113.1", "172.15.0.1", "172.32.0.1", "2001:4860:4860::8888"]) {
      assert.ok(reaches(address), address);
    }
  });

  it("holds nothing private, link-local, shared, or of the cluster", () => {
    for (const address of [
      ...["10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "127.0.0.1", "224.0.0.1"],
      ...["169.254.169.254", "168.63.129.16", "100.100.100.200", "192.0.0.192", "255.255.255.255"],
      ...["44.0.1.1", "45.0.0.9", "10.96.0.1"],
      ...["fd00:ec2::254", "fe80::1", "::1", "fd00::1", "ff02::1"],
    ]) {
      assert.ok(!reaches(address), address);
    }
  });
});

describe("cidrPeer()", () => {
  it("leaves the pods' range and the clouds' metadata out of ranges that hold them", () => {
    assert.deepEqual(peerOf("10.0.0.0/8").except, ["10.244.0.0/16"]);
    assert.deepEqual(peerOf("169.254.0.0/16").except, ["169.254.169.254/32"]);
    assert.deepEqual(peerOf("0.0.0.0/0").except, ["10.244.0.0/16", "169.254.169.254/32"]);
    assert.deepEqual(peerOf("fd00::/8").except, ["fd00:ec2::254/128"]);
  });

  it("takes the metadata's own address for meant", () => {
    assert.deepEqual(peerOf("169.254.169.254"), { kind: "cidr", cidr: "169.254.169.254/32", except: [] });
  });

  it("says an exception once, where another one holds it", () => {
    assert.deepEqual(peerOf("10.0.0.0/8", ["10.240.0.0/12", "10.244.0.0/16"]).except, ["10.240.0.0/12"]);
  });

  it("refuses what no policy can mean", () => {
    assert.equal(
      refusal("10.244.3.0/24"),
      "10.244.3.0/24 are pods' addresses (cluster.podCidr 10.244.0.0/16), which change: name the workload, or namespace/* for every pod of a namespace",
    );
    assert.match(refusal("10.96.0.1"), /^10\.96\.0\.1 are Services' addresses/);
    assert.equal(
      refusal("203.0.113.9/24"),
      "203.0.113.9/24 is an address within a network, not one: did you mean 203.0.113.0/24 or 203.0.113.9/32?",
    );
    assert.equal(
      refusal("203.0.113.0/24", ["198.51.100.0/24"]),
      "198.51.100.0/24 is not a part of 203.0.113.0/24: except ranges that lie within cidr and are smaller",
    );
    assert.match(refusal("203.0.113.0/24", ["203.0.113.0/24"]), /is not a part of/);
    assert.match(refusal("203.0.113.0/33"), /is not a network/);
  });

  it("gives what the API takes: exceptions are smaller parts, none within another", () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(byte, byte, byte, fc.integer({ min: 0, max: 32 }), (a, b, c, prefix) => {
        const bits = ((a << 24) | (b << 16) | (c << 8)) >>> 0;
        const network = prefix === 0 ? 0 : (bits & (0xffffffff << (32 - prefix))) >>> 0;
        const text = [24, 16, 8, 0].map((shift) => (network >>> shift) & 255).join(".");
        const found = cidrPeer(`${text}/${prefix}`, [], settings);
        if (!("kind" in found)) return;
        assert.ok(prefix === 32 || !holds(found, "169.254.169.254"));
        assert.ok(!holds(found, "10.244.1.1"));
        for (const [i, range] of found.except.entries()) {
          assert.ok(cidrContains(found.cidr, range) && !cidrContains(range, found.cidr));
          assert.ok(found.except.every((other, j) => i === j || !cidrContains(other, range)));
        }
      }),
    );
  });
});
