import assert from "node:assert/strict";
import fc from "fast-check";
import { chartKey } from "../../../model/cilium/chart-keys.ts";
import { parseChartVersion } from "../../../model/cilium/chart-version.ts";
import { typeProblem } from "../../../model/cilium/key-types.ts";
import { isPlainObject, type Values } from "../../../model/cilium/merge-values.ts";
import type { CiliumSizes } from "../../../model/cilium/sizes.ts";
import { ciliumProblems, ciliumValues, ciliumWarnings, settledValues } from "../../../model/cilium/values.ts";
import { formatProblem } from "../../../model/problem.ts";
import { profileNames } from "../../../model/profiles.ts";
import type { CiliumSettings } from "../../../model/settings.ts";
import { anyOptions, anySizes, anyVersion, ciliumSettings } from "../../support/datapath-options.ts";
import { settingsOf } from "../../support/settings.ts";

const apiServer = { host: "10.0.0.10", port: 6443 };
const valuesOf = (cilium: object, sizes?: CiliumSizes) =>
  ciliumValues({ settings: settingsOf({ cilium }).cilium, apiServer, operatorReplicas: 2, sizes });

/** What an option adds to the baseline. */
function added(version: string, cilium: object): Values {
  const base = valuesOf({ version });
  const values = valuesOf({ version, ...cilium });
  return Object.fromEntries(
    Object.entries(values).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(base[key])),
  );
}

const minors = [14, 15, 16, 17, 18, 19, 20].map((minor) => `1.${minor}.0`);

describe("ciliumValues()", () => {
  for (const version of [...minors, "1.15.19", "1.20.2"]) {
    it(`is the baseline of chart ${version}, key for key`, () => {
      assert.deepEqual(valuesOf({ version }), {
        kubeProxyReplacement: true,
        k8sServiceHost: "10.0.0.10",
        k8sServicePort: 6443,
        ipam: { mode: "kubernetes" },
        bpf: { masquerade: true, tproxy: true },
        hubble: { enabled: true, relay: { enabled: true }, ui: { enabled: true } },
        operator: { replicas: 2 },
      });
    });
  }

  it("lays the user's values over it: objects merge, the rest replaces", () => {
    const values = valuesOf({ values: { bpf: { tproxy: false }, tolerations: [{ operator: "Exists" }] } });
    assert.deepEqual(values.bpf, { masquerade: true, tproxy: false });
    assert.deepEqual(values.tolerations, [{ operator: "Exists" }]);
  });

  it("leaves the user's own object alone", () => {
    const settings = settingsOf({ cilium: { values: { bpf: { lbMapMax: 131_072 } } } }).cilium;
    ciliumValues({ settings, apiServer: { host: "h", port: 1 }, operatorReplicas: 1 });
    assert.deepEqual(settings.values, { bpf: { lbMapMax: 131_072 } });
  });

  it("lets the chart look the API server up", () => {
    const values = ciliumValues({
      settings: ciliumSettings("1.16.0"),
      apiServer: "auto",
      operatorReplicas: 1,
    });
    assert.equal(values.k8sServiceHost, "auto");
    assert.ok(!("k8sServicePort" in values));
  });

  it("tells the chart the numbers that were sized, as far as it has keys for them", () => {
    const sizes = { bpfMapRatio: 0.005, nodeMapMax: 32_768, operatorApiQps: 200, hubbleEventBuffer: 8191 };
    const { bpf, hubble, k8sClientRateLimit } = valuesOf({ version: "1.20.2" }, sizes);
    assert.deepEqual(bpf, { masquerade: true, tproxy: true, mapDynamicSizeRatio: 0.005, nodeMapMax: 32_768 });
    assert.equal((hubble as Values).eventBufferCapacity, 8191);
    assert.deepEqual(k8sClientRateLimit, { operator: { qps: 200 } });
    const old = valuesOf({ version: "1.15.3" }, sizes);
    assert.deepEqual(old.bpf, { masquerade: true, tproxy: true, mapDynamicSizeRatio: 0.005 });
    assert.equal(old.k8sClientRateLimit, undefined);
  });

  it("lets the user's own number win over a sized one", () => {
    const values = valuesOf({ values: { bpf: { lbMapMax: 70_000 } } }, { lbMapMax: 131_072 });
    assert.equal((values.bpf as Values).lbMapMax, 70_000);
  });

  /** Nothing but keys of the version, of the right type. */
  function assertFits(version: string, settings: CiliumSettings, sizes: CiliumSizes): void {
    const chart = parseChartVersion(version) ?? assert.fail(version);
    const values = ciliumValues({ settings, apiServer, operatorReplicas: 2, sizes });
    for (const [path, value] of leaves(values)) {
      const key = chartKey(path, chart);
      assert.ok(key, `${version} has no ${path.join(".")}`);
      assert.equal(typeProblem(path, value, key, chart), undefined, `${version} ${path.join(".")}`);
    }
  }

  it("gives nothing but keys of the version, of the right type, for any options", () => {
    fc.assert(
      fc.property(anyVersion, anyOptions, anySizes, (version, options, sizes) => {
        assertFits(version, ciliumSettings(version, options), sizes);
      }),
      { numRuns: 300 },
    );
  });

  for (const profile of profileNames) {
    it(`gives nothing but keys of the version for the profile ${profile}, in every version`, () => {
      for (let minor = 14; minor <= 20; minor++) {
        for (let patch = 0; patch <= 20; patch++) {
          const version = `1.${minor}.${patch}`;
          assertFits(version, ciliumSettings(version, {}, profile), {
            lbMapMax: 131_072,
            operatorApiQps: 200,
          });
        }
      }
    });
  }

  it("gives the same in the same order, always", () => {
    fc.assert(
      fc.property(anyVersion, anyOptions, anySizes, (version, options, sizes) => {
        const text = () =>
          JSON.stringify(
            ciliumValues({
              settings: ciliumSettings(version, options),
              apiServer,
              operatorReplicas: 2,
              sizes,
            }),
          );
        assert.equal(text(), text());
      }),
    );
  });

  it("changes with the number of nodes in nothing but what depends on it", () => {
    fc.assert(
      fc.property(anyVersion, anyOptions, (version, options) => {
        const of = (nodes: number) =>
          ciliumValues({ settings: ciliumSettings(version, options), apiServer, operatorReplicas: nodes });
        assert.deepEqual({ ...of(1), operator: 0 }, { ...of(2), operator: 0 });
      }),
    );
  });
});

describe("an option, in each chart's keys", () => {
  const cases: [option: object, byVersion: Record<string, Values>][] = [
    [
      { routing: { mode: "native" } },
      {
        "1.14.0": { routingMode: "native", ipv4NativeRoutingCIDR: "10.244.0.0/16" },
        "1.20.2": { routingMode: "native", ipv4NativeRoutingCIDR: "10.244.0.0/16" },
      },
    ],
    [
      { routing: { tunnelProtocol: "geneve" } },
      { "1.14.0": { tunnelProtocol: "geneve" }, "1.20.2": { tunnelProtocol: "geneve" } },
    ],
    [
      { encryption: { type: "wireguard", nodes: true, strict: { cidr: "10.0.0.0/8" } } },
      {
        "1.15.0": {
          encryption: {
            enabled: true,
            type: "wireguard",
            nodeEncryption: true,
            strictMode: { enabled: true, cidr: "10.0.0.0/8", allowRemoteNodeIdentities: false },
          },
        },
        "1.19.0": {
          encryption: {
            enabled: true,
            type: "wireguard",
            nodeEncryption: true,
            strictMode: { egress: { enabled: true, cidr: "10.0.0.0/8", allowRemoteNodeIdentities: false } },
          },
        },
      },
    ],
    [
      { encryption: { type: "ipsec", keySecret: "ours" } },
      {
        "1.16.0": { encryption: { enabled: true, type: "ipsec", ipsec: { secretName: "ours" } } },
        "1.20.2": { encryption: { enabled: true, type: "ipsec", ipsec: { secretName: "ours" } } },
      },
    ],
    [
      { clusterMesh: { id: 7, apiServer: true } },
      {
        "1.14.0": {
          cluster: { name: "test", id: 7 },
          clustermesh: { useAPIServer: true, apiserver: { service: { type: "LoadBalancer" } } },
        },
      },
    ],
    [
      { clusterMesh: { id: 300, name: "eu1", maxConnectedClusters: 511 } },
      { "1.15.0": { cluster: { name: "eu1", id: 300 }, clustermesh: { maxConnectedClusters: 511 } } },
    ],
    [
      { bandwidthManager: { enabled: true } },
      { "1.14.0": { bandwidthManager: { enabled: true, bbr: false } } },
    ],
    [{ egressGateway: true }, { "1.14.0": { egressGateway: { enabled: true } } }],
    [{ loadBalancer: { l2Announcements: true } }, { "1.14.0": { l2announcements: { enabled: true } } }],
    [{ loadBalancer: { ipam: false } }, { "1.17.0": { enableLBIPAM: false } }],
    [{ bgp: true }, { "1.14.0": { bgpControlPlane: { enabled: true } } }],
    [
      { gatewayApi: { enabled: true, hostNetwork: true } },
      {
        "1.16.0": {
          gatewayAPI: { enabled: true, hostNetwork: { enabled: true } },
          // It looks for CRDs, and reads its settings, at its start alone.
          operator: { replicas: 2, rollOutPods: true },
        },
      },
    ],
    [
      { ingressController: { enabled: true, loadBalancerMode: "shared" } },
      {
        "1.14.0": {
          ingressController: {
            enabled: true,
            default: false,
            loadbalancerMode: "shared",
            enforceHttps: true,
          },
        },
      },
    ],
    [
      { envoyDaemonSet: true },
      { "1.14.0": { envoy: { enabled: true } }, "1.20.2": { envoy: { enabled: true } } },
    ],
    [
      { endpointSlices: true },
      {
        "1.15.19": { enableCiliumEndpointSlice: true },
        "1.16.0": { ciliumEndpointSlice: { enabled: true } },
      },
    ],
    [
      { localRedirectPolicies: true },
      { "1.17.0": { localRedirectPolicy: true }, "1.18.0": { localRedirectPolicies: { enabled: true } } },
    ],
    [{ policyAuditMode: true }, { "1.14.0": { policyAuditMode: true }, "1.20.2": { policyAuditMode: true } }],
  ];
  for (const [option, byVersion] of cases) {
    for (const [version, values] of Object.entries(byVersion)) {
      it(`${JSON.stringify(option)} in ${version}`, () => assert.deepEqual(added(version, option), values));
    }
  }

  it("hubble.export, whose sizes moved", () => {
    const exported = (version: string) =>
      (valuesOf({ version, hubble: { export: { enabled: true, maxBackups: 9 } } }).hubble as Values).export;
    const file = {
      enabled: true,
      filePath: "/var/run/cilium/hubble/events.log",
      fieldMask: [],
      allowList: [],
      denyList: [],
    };
    const sizes = { fileMaxSizeMb: 10, fileMaxBackups: 9 };
    assert.deepEqual(exported("1.17.0"), { ...sizes, static: file });
    assert.deepEqual(exported("1.18.0"), { static: { ...file, ...sizes } });
  });

  it("hubble.redact, from 1.15 on", () => {
    const redact = { enabled: true, http: { urlQuery: true, userInfo: true } };
    assert.deepEqual(
      (valuesOf({ version: "1.15.0", hubble: { redact: true } }).hubble as Values).redact,
      redact,
    );
  });

  it("imageRegistry, for every image of the chart", () => {
    const repositories = (version: string): string[] => {
      const values = valuesOf({ version, imageRegistry: "registry.example/mirror" });
      return [...JSON.stringify(values).matchAll(/registry\.example[^"]*/g)].map(([found]) => found);
    };
    assert.ok(repositories("1.14.0").includes("registry.example/mirror/cilium/kvstoremesh"));
    assert.deepEqual([...new Set(repositories("1.20.2"))].sort(), [
      "registry.example/mirror/cilium/certgen",
      "registry.example/mirror/cilium/cilium",
      "registry.example/mirror/cilium/cilium-envoy",
      "registry.example/mirror/cilium/clustermesh-apiserver",
      "registry.example/mirror/cilium/hubble-relay",
      "registry.example/mirror/cilium/hubble-ui",
      "registry.example/mirror/cilium/hubble-ui-backend",
      "registry.example/mirror/cilium/operator",
      "registry.example/mirror/cilium/startup-script",
      "registry.example/mirror/cilium/ztunnel",
      "registry.example/mirror/library/busybox",
      "registry.example/mirror/spiffe/spire-agent",
      "registry.example/mirror/spiffe/spire-server",
    ]);
  });
});

describe("settledValues()", () => {
  it("is what the settings alone decide", () => {
    assert.deepEqual(settledValues(settingsOf({ cilium: { policyAuditMode: true } }).cilium), {
      kubeProxyReplacement: true,
      ipam: { mode: "kubernetes" },
      bpf: { masquerade: true, tproxy: true },
      hubble: { enabled: true, relay: { enabled: true }, ui: { enabled: true } },
      policyAuditMode: true,
    });
  });
});

describe("ciliumProblems()", () => {
  it("has nothing against the baseline of any version", () => {
    fc.assert(
      fc.property(anyVersion, (version) => {
        assert.deepEqual(ciliumProblems({ settings: ciliumSettings(version) }), []);
      }),
    );
  });

  it("names every option that a chart cannot fulfil", () => {
    fc.assert(
      fc.property(anyVersion, anyOptions, (version, options) => {
        const settings = ciliumSettings(version, options);
        const values = JSON.stringify(ciliumValues({ settings, apiServer, operatorReplicas: 1 }));
        const refused = ciliumProblems({ settings }).map(({ path }) => path);
        const exported = settings.hubble.export.enabled && !values.includes('"export"');
        assert.equal(exported, refused.includes("cilium.hubble.export"));
      }),
    );
  });

  it("says nothing of a Cilium that is left to others, nor of a chart that is not known", () => {
    const values = { nonsense: true };
    assert.deepEqual(ciliumProblems({ settings: ciliumSettings("1.20.2", { enabled: false, values }) }), []);
    assert.deepEqual(ciliumProblems({ settings: ciliumSettings("1.21.0", { values }) }), []);
  });

  it("knows the setting behind a key", () => {
    const settings = ciliumSettings("1.20.2", { hubble: { relay: false } });
    assert.deepEqual(ciliumProblems({ settings }).map(formatProblem), [
      "cilium.hubble.ui: true needs cilium.hubble.relay: turn cilium.hubble.relay on, or this off",
    ]);
  });

  it("refuses to leave the API server to a chart that takes auto for a host", () => {
    const [problem] = ciliumProblems({ settings: ciliumSettings("1.15.19"), apiServer: "auto" });
    assert.match(problem?.message ?? "", /^auto is the name of a host/);
    assert.deepEqual(ciliumProblems({ settings: ciliumSettings("1.16.0"), apiServer: "auto" }), []);
  });
});

describe("ciliumWarnings()", () => {
  it("names old keys", () => {
    const settings = ciliumSettings("1.20.2", { values: { tunnel: "disabled" } });
    assert.deepEqual(
      ciliumWarnings(settings).map(({ path }) => path),
      ["cilium.values.tunnel"],
    );
  });
});

function leaves(values: Values, parent: readonly string[] = []): [path: string[], value: unknown][] {
  return Object.entries(values).flatMap(([name, value]): [string[], unknown][] =>
    isPlainObject(value) ? leaves(value, [...parent, name]) : [[[...parent, name], value]],
  );
}
