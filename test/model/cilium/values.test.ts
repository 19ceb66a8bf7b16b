import assert from "node:assert/strict";
import { ciliumValues } from "../../../model/cilium/values.ts";
import { settingsOf } from "../../support/settings.ts";

const valuesOf = (cilium: object) =>
  ciliumValues({
    settings: settingsOf({ cilium }).cilium,
    apiServer: { host: "10.0.0.10", port: 6443 },
    operatorReplicas: 2,
  });

describe("ciliumValues()", () => {
  it("is the baseline, key for key", () => {
    assert.deepEqual(valuesOf({}), {
      kubeProxyReplacement: true,
      k8sServiceHost: "10.0.0.10",
      k8sServicePort: 6443,
      ipam: { mode: "kubernetes" },
      bpf: { masquerade: true, tproxy: true },
      hubble: { enabled: true, relay: { enabled: true }, ui: { enabled: true } },
      operator: { replicas: 2 },
    });
  });

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
});
