import assert from "node:assert/strict";
import { chartKeysTable } from "../../../model/cilium/chart-keys-table.ts";
import { chartKey, chartKeyNames, chartKeysNamed, spansOf } from "../../../model/cilium/chart-keys.ts";
import { parseChartVersion } from "../../../model/cilium/chart-version.ts";

const versionOf = (text: string) => parseChartVersion(text) ?? assert.fail(text);
const key = (path: string, version: string) => chartKey(path.split("."), versionOf(version));

describe("the table of the chart's keys", () => {
  const lines = chartKeysTable.split("\n").filter(Boolean);
  const types = ["null", "bool", "int", "num", "str", "list", "strs", "obj", "map", "any"];
  const type = `(${types.join("|")}|"[^" ]+")`;
  const spec = String.raw`(-|${type}(\|${type})*(=\S+)?)`;
  const line = new RegExp(String.raw`^ *[A-Za-z]\w* ${spec}( @(1[4-9]|20)(\.[1-9]\d*)? ${spec})*$`);

  it("is of one form", () => {
    assert.deepEqual(
      lines.filter((text) => !line.test(text)),
      [],
    );
  });

  it("has defaults that are JSON", () => {
    for (const [, value = ""] of chartKeysTable.matchAll(/=(\S+)/g)) JSON.parse(value);
  });

  it("names each key once, below its parent, in order", () => {
    const path: string[] = [];
    let last: string[] = [];
    for (const text of lines) {
      const depth = text.search(/\S/);
      assert.ok(depth <= path.length, `${text} stands too deep`);
      path.length = depth;
      path.push(text.trim().split(" ")[0] ?? "");
      assert.ok(
        last.length < path.length || (last[depth] ?? "") < (path[depth] ?? ""),
        `${path.join(".")} is out of order`,
      );
      last = [...path];
    }
  });

  it("tells changes in the order of versions, and only changes", () => {
    for (const text of lines) {
      const [, first = "", ...rest] = text.trim().split(" ");
      const moments = rest
        .filter((_, i) => i % 2 === 0)
        .map((word) => versionOf(`1.${word.slice(1)}${word.includes(".") ? "" : ".0"}`));
      const specs = [first, ...rest.filter((_, i) => i % 2 === 1)];
      const order = moments.map(({ minor, patch }) => minor * 100 + patch);
      assert.deepEqual(
        [...order].sort((a, b) => a - b),
        order,
        text,
      );
      specs.slice(1).forEach((one, i) => assert.notEqual(one, specs[i], text));
    }
  });
});

describe("chartKey()", () => {
  const facts: [path: string, version: string, types: string | undefined, value?: unknown][] = [
    // In values.yaml from 1.18.3 on; templates have read it all along.
    ["kubeProxyReplacement", "1.14.0", "bool|str"],
    ["kubeProxyReplacement", "1.18.2", "bool|str"],
    ["kubeProxyReplacement", "1.18.3", "bool|str", "false"],
    ["policyAuditMode", "1.14.0", "bool"],
    ["policyAuditMode", "1.20.2", "bool"],
    ["bpf.distributedLRU.enabled", "1.17.1", undefined],
    ["bpf.distributedLRU.enabled", "1.17.2", "bool", false],
    ["bpf.ctAccounting", "1.16.19", undefined],
    ["bpf.ctAccounting", "1.17.0", "bool", false],
    ["bpf.policyMapMax", "1.14.0", "int|null", 16_384],
    ["bpf.conntrack.enabled", "1.20.2", undefined],
    ["hubble.export.static.enabled", "1.14.19", undefined],
    ["hubble.export.fileMaxSizeMb", "1.15.0", "int", 10],
    // Moved at 1.18, and still read.
    ["hubble.export.fileMaxSizeMb", "1.20.2", "int"],
    ["hubble.export.static.fileMaxSizeMb", "1.17.18", undefined],
    ["hubble.export.static.fileMaxSizeMb", "1.18.0", "int", 10],
    ["hubble.tls.server.existingSecret", "1.16.0", undefined],
    ["hubble.tls.server.existingSecret", "1.16.1", "str", ""],
    ["hubble.tls.auto.certValidityDuration", "1.16.3", "int", 1095],
    ["hubble.tls.auto.certValidityDuration", "1.16.4", "int", 365],
    ["l2NeighDiscovery.enabled", "1.17.18", "bool", true],
    ["l2NeighDiscovery.enabled", "1.18.0", "bool", false],
    ["dnsProxy.endpointMaxIpPerHostname", "1.16.19", "int", 50],
    ["dnsProxy.endpointMaxIpPerHostname", "1.17.0", "int", 1000],
    ["k8sClientRateLimit.qps", "1.14.0", "int|null", 5],
    ["k8sClientRateLimit.qps", "1.15.0", "int|null"],
    ["operator.replicas", "1.20.2", "int", 2],
    ["operator.prometheus.enabled", "1.14.19", "bool", false],
    ["operator.prometheus.enabled", "1.15.0", "bool", true],
    ["authentication.enabled", "1.18.12", "bool", true],
    ["authentication.enabled", "1.19.0", "bool", false],
    ["envoy.enabled", "1.15.19", "bool|null", false],
    ["envoy.enabled", "1.16.0", "bool|null"],
    ["externalIPs.enabled", "1.17.5", "bool", false],
    ["externalIPs.enabled", "1.17.6", undefined],
    ["encryption.keyFile", "1.15.19", "str", "keys"],
    ["encryption.keyFile", "1.16.0", undefined],
    ["encryption.strictMode.egress.cidr", "1.18.12", undefined],
    ["encryption.strictMode.egress.cidr", "1.19.0", "str", ""],
    ["encryption.strictMode.cidr", "1.20.0", undefined],
    ["gatewayAPI.hostNetwork.enabled", "1.15.19", undefined],
    ["ipam.operator.clusterPoolIPv4PodCIDR", "1.14.0", undefined],
    ["nodeSelector.kubernetes.io/os", "1.20.2", "any"],
    ["podAnnotations", "1.14.0", "map"],
    ["extraConfig", "1.14.0", "map"],
    ["tolerations", "1.14.0", "list"],
  ];
  for (const [path, version, types, value] of facts) {
    it(`knows ${path} in ${version}`, () => {
      const found = key(path, version);
      assert.equal(found?.types.join("|"), types);
      assert.equal(found?.default, value);
    });
  }

  it("takes patches to come for the newest known one", () => {
    assert.deepEqual(key("bpf.distributedLRU", "1.17.99"), key("bpf.distributedLRU", "1.17.18"));
    assert.equal(key("envoy.xffNumTrustedHopsL7PolicyEgress", "1.14.99")?.default, 0);
    assert.equal(key("envoy.xffNumTrustedHopsL7PolicyEgress", "1.15.4"), undefined);
  });

  it("does not take part of a name, or a key elsewhere, for the key", () => {
    for (const path of ["bp", "pf", "enabled", "hubble.distributedLRU", "bpf obj", "", "bpf."]) {
      assert.equal(key(path, "1.20.2"), undefined, path);
    }
  });
});

describe("chartKeyNames()", () => {
  it("lists what is below a path, in that version", () => {
    assert.deepEqual(chartKeyNames(["bandwidthManager"], versionOf("1.17.0")), ["bbr", "enabled"]);
    assert.deepEqual(chartKeyNames(["bandwidthManager"], versionOf("1.18.0")), [
      "bbr",
      "bbrHostNamespaceOnly",
      "enabled",
    ]);
    assert.ok(chartKeyNames([], versionOf("1.14.0")).includes("tunnel"));
    assert.ok(!chartKeyNames([], versionOf("1.15.0")).includes("tunnel"));
  });

  it("lists nothing below what is not there", () => {
    assert.deepEqual(chartKeyNames(["bpf", "conntrack"], versionOf("1.20.2")), []);
  });
});

describe("chartKeysNamed()", () => {
  it("finds a name wherever it stands", () => {
    const paths = chartKeysNamed("masquerade", versionOf("1.20.2")).map(({ path }) => path.join("."));
    assert.deepEqual(paths, ["bpf.masquerade"]);
  });
});

describe("spansOf()", () => {
  const spans = (path: string) =>
    spansOf(path.split(".")).map(({ from, until }) => [from, until].map((v) => v && `${v.minor}.${v.patch}`));

  it("tells since and until when", () => {
    assert.deepEqual(spans("bpf.tproxy"), [["14.0", undefined]]);
    assert.deepEqual(spans("bpf.distributedLRU.enabled"), [["17.2", undefined]]);
    assert.deepEqual(spans("tunnel"), [["14.0", "15.0"]]);
    assert.deepEqual(spans("ciliumEndpointSlice.sliceMode"), [["17.0", "18.0"]]);
  });

  it("tells of keys that were added to an older minor later", () => {
    assert.deepEqual(spans("sysctlfix.enabled"), [
      ["14.13", "15.0"],
      ["15.7", undefined],
    ]);
  });

  it("is empty for what never was", () => assert.deepEqual(spans("bpf.conntrack"), []));
});
