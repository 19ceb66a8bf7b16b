import assert from "node:assert/strict";
import { complaints, minimal, settingsOf } from "../support/settings.ts";

describe("datapath", () => {
  it("is Cilium unless somebody says otherwise, and never both", () => {
    const enabled = (raw: object) => {
      const { cilium, calico } = settingsOf(raw);
      return [cilium.enabled, calico.enabled];
    };
    assert.deepEqual(enabled({}), [true, false]);
    assert.deepEqual(enabled({ datapath: "calico" }), [false, true]);
    assert.deepEqual(enabled({ profile: "small" }), [false, true]);
    assert.deepEqual(enabled({ profile: "small", datapath: "cilium" }), [true, false]);
    assert.deepEqual(enabled({ datapath: "calico", calico: { enabled: false } }), [false, false]);
  });

  it("refuses settings of the other, one by one", () =>
    assert.deepEqual(
      complaints({
        ...minimal,
        datapath: "calico",
        cilium: { hubble: { relay: false }, values: { bpf: { tproxy: false } } },
      }),
      [
        "cilium.hubble.relay: false has no effect with datapath: calico: leave it out, or set datapath: cilium",
        "cilium.values: {bpf} has no effect with datapath: calico: leave it out, or set datapath: cilium",
      ],
    ));

  it("refuses them where a profile chose the datapath, too", () =>
    assert.deepEqual(complaints({ ...minimal, profile: "small", cilium: { version: "1.19.0" } }), [
      'cilium.version: "1.19.0" has no effect with datapath: calico: leave it out, or set datapath: cilium',
    ]));

  it("tells who turns the other one off how to leave the network to others", () => {
    const off = { enabled: false };
    for (const raw of [{ profile: "small" }, { datapath: "calico" }]) {
      assert.deepEqual(complaints({ ...minimal, ...raw, cilium: off }), [
        "cilium.enabled: false has no effect with datapath: calico: set calico.enabled: false instead, to leave the network to others; with neither, calico is deployed",
      ]);
      assert.deepEqual(complaints({ ...minimal, ...raw, cilium: off, calico: off }), []);
    }
    assert.match(
      complaints({ ...minimal, calico: off }).join(),
      /^calico\.enabled: .*: set cilium\.enabled: false instead/,
    );
    assert.match(
      complaints({ ...minimal, profile: "small", cilium: { enabled: true } }).join(),
      /: leave it out, or set datapath: cilium$/,
    );
  });

  it("refuses Calico's with Cilium", () =>
    assert.deepEqual(complaints({ ...minimal, calico: { mtu: 1400 } }), [
      "calico.mtu: 1400 has no effect with datapath: cilium: leave it out, or set datapath: calico",
    ]));

  it("shows no value of the escape hatch", () => {
    const values = { certs: { node: { key: "hush" } } };
    assert.ok(
      !complaints({ ...minimal, calico: { values } })
        .join()
        .includes("hush"),
    );
  });

  it("leaves aside what a profile says of the other, and takes an empty section for none", () => {
    assert.equal(settingsOf({ profile: "high-scale", datapath: "calico", cilium: {} }).datapath, "calico");
  });

  it("asks nothing of Cilium's charts of a cluster without it", () => {
    const cluster = { ...minimal.cluster, node: { kernel: "5.10" } };
    assert.deepEqual(complaints({ cluster, datapath: "calico" }), []);
  });

  it("takes the consent from either place", () => {
    const former = { cilium: { allowDatapathChange: true } };
    for (const raw of [{ allowDatapathChange: true }, former, { datapath: "calico", ...former }]) {
      const { allowDatapathChange, cilium } = settingsOf(raw);
      assert.deepEqual([allowDatapathChange, cilium.allowDatapathChange], [true, true]);
    }
    assert.equal(settingsOf({}).allowDatapathChange, false);
  });
});
