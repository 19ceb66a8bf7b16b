import assert from "node:assert/strict";
import { chartKey, spansOf } from "../../../model/cilium/chart-keys.ts";
import {
  formerName,
  hasMoved,
  movedKeys,
  movedValue,
  whereItWent,
} from "../../../model/cilium/moved-keys.ts";

const newest = { minor: 20, patch: 2 };
const names = (key: string) => key.split(".");

describe("moved keys", () => {
  it("name the same key where they name another", () => {
    assert.deepEqual(movedValue("encryption.keyFile", "keys", true), {
      encryption: { ipsec: { keyFile: "keys" } },
    });
    assert.equal(formerName("encryption.ipsec.keyFile"), "encryption.keyFile");
    assert.equal(whereItWent("encryption.keyFile"), "write encryption.ipsec.keyFile");
  });

  it("turn the tunnel into routing", () => {
    assert.deepEqual(movedValue("tunnel", "disabled", true), { routingMode: "native" });
    assert.deepEqual(movedValue("tunnel", "geneve", true), {
      routingMode: "tunnel",
      tunnelProtocol: "geneve",
    });
    assert.deepEqual(movedValue("tunnel", "", true), {});
    assert.equal(movedValue("tunnel", "gre", true), undefined);
  });

  it("go where kube-proxy's replacement does what they ask for, and only there", () => {
    for (const key of ["nodePort.enabled", "hostPort.enabled", "externalIPs.enabled"]) {
      assert.deepEqual(movedValue(key, true, true), {}, key);
      assert.equal(movedValue(key, true, false), undefined, key);
      assert.deepEqual(movedValue(key, false, false), {}, key);
    }
  });

  it("go where they say what later charts do anyway", () => {
    assert.deepEqual(movedValue("remoteNodeIdentity", true, true), {});
    assert.equal(movedValue("remoteNodeIdentity", false, true), undefined);
    assert.equal(whereItWent("remoteNodeIdentity"), "leave it out, for it is always on now");
  });

  it("make a regular expression of an interface's name", () => {
    assert.deepEqual(movedValue("l2podAnnouncements.interface", "eth0.100", true), {
      l2podAnnouncements: { interfacePattern: String.raw`^eth0\.100$` },
    });
  });

  it("are gone from some chart, and have gone to a key of the newest", () => {
    for (const { key, to } of movedKeys) {
      const spans = spansOf(names(key));
      const isGone = spans.at(-1) === undefined || spans.some(({ until }) => until !== undefined);
      assert.ok(isGone || key === "localRedirectPolicy", `${key} is in every chart`);
      if (to !== undefined) assert.ok(chartKey(names(to), newest), `${to} is in no chart`);
    }
  });

  it("are told from others", () => {
    assert.ok(hasMoved("proxy"));
    assert.ok(hasMoved("proxy.prometheus.port"));
    assert.ok(!hasMoved("prox"));
    assert.equal(movedValue("bpf.masquerade", true, true), undefined);
    assert.equal(whereItWent("etcd.clusterSize"), "leave it out");
  });
});
