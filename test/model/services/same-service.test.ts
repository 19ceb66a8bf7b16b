import assert from "node:assert/strict";
import { type ServiceContent, serviceManifest } from "../../../model/services/manifest.ts";
import { isOtherForm, isSameService, overLive } from "../../../model/services/same-service.ts";

const service: ServiceContent = {
  namespace: "shop",
  name: "db",
  headless: false,
  publishNotReadyAddresses: false,
  selector: { app: "db", tier: "data" },
  ports: [
    { name: "sql", port: 5432, targetPort: 5432, protocol: "TCP" },
    { name: "dns", port: 53, targetPort: 53, protocol: "UDP" },
  ],
  because: "Declared flows end here",
};
const { spec: wanted } = serviceManifest(service, {});
const headless = serviceManifest({ ...service, headless: true }, {}).spec;
/** As the API has it. */
const live = {
  type: "ClusterIP",
  clusterIP: "10.96.0.7",
  clusterIPs: ["10.96.0.7"],
  ipFamilies: ["IPv4"],
  ipFamilyPolicy: "SingleStack",
  sessionAffinity: "None",
  internalTrafficPolicy: "Cluster",
  selector: { tier: "data", app: "db" },
  ports: [
    { name: "dns", port: 53, targetPort: 53, protocol: "UDP" },
    { name: "sql", port: 5432, targetPort: 5432, protocol: "TCP" },
  ],
};

describe("isSameService()", () => {
  it("minds neither what the API fills in, nor the order of ports", () => {
    assert.ok(isSameService(live, wanted));
    assert.ok(isSameService({ ...live, sessionAffinity: "ClientIP" }, wanted));
  });

  const [dns, sql] = live.ports;
  const others: [what: string, over: object][] = [
    ["another type", { type: "NodePort" }],
    ["no address", { clusterIP: "None" }],
    ["pods that are not ready", { publishNotReadyAddresses: true }],
    ["another selector", { selector: { app: "db" } }],
    ["a label more to select by", { selector: { ...live.selector, more: "yes" } }],
    ["a port less", { ports: [sql] }],
    ["a port more", { ports: [dns, sql, { name: "web", port: 80, targetPort: 80, protocol: "TCP" }] }],
    ["another target", { ports: [dns, { ...sql, targetPort: 5433 }] }],
    ["another protocol", { ports: [{ ...dns, protocol: "TCP" }, sql] }],
  ];
  for (const [what, over] of others) {
    it(`finds ${what}`, () => assert.ok(!isSameService({ ...live, ...over }, wanted)));
  }
});

describe("overLive()", () => {
  it("keeps what the API has given, and takes back what was said before", () => {
    const written = overLive({ ...live, publishNotReadyAddresses: true, ports: [] }, wanted);
    const said = { ...live, ports: service.ports, publishNotReadyAddresses: false };
    assert.deepEqual(written, said);
  });
});

describe("isOtherForm()", () => {
  it("tells what no write can change", () => {
    assert.ok(!isOtherForm(live, wanted));
    assert.ok(isOtherForm(live, headless));
    assert.ok(isOtherForm({ ...live, clusterIP: "None" }, wanted));
    assert.ok(!isOtherForm({ ...live, clusterIP: "None" }, headless));
  });
});
