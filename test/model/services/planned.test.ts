import assert from "node:assert/strict";
import { resolveFlows } from "../../../model/policies/flows.ts";
import { formatProblem } from "../../../model/problem.ts";
import { type PlannedService, plannedServices } from "../../../model/services/planned.ts";
import { complaints, minimal, settingsOf } from "../../support/settings.ts";

/** A workload on 8080 and who connects to it. */
const shop = (workload: object, flows: unknown[] = ["client -> backend:http"]) => ({
  name: "shop",
  workloads: [{ name: "client" }, { name: "backend", ports: { http: 8080 }, ...workload }],
  flows,
});

function planned(namespace: object, more: object = {}): PlannedService[] {
  const settings = settingsOf({ namespaces: [namespace], ...more });
  const { services, problems } = plannedServices(settings, resolveFlows(settings).flows);
  assert.deepEqual(problems.map(formatProblem), []);
  return services;
}

const backend: PlannedService = {
  namespace: "shop",
  name: "backend",
  headless: false,
  publishNotReadyAddresses: false,
  selector: { "app.kubernetes.io/name": "backend" },
  ports: [{ name: "http", port: 8080, targetPort: 8080, protocol: "TCP" }],
  observed: false,
  because: "Declared flows end here; one address, behind which pods come and go",
  path: "namespaces[0].workloads[1]",
};

describe("plannedServices()", () => {
  it("puts one before every workload at which a flow ends, and before no other", () => {
    assert.deepEqual(planned(shop({})), [backend]);
  });

  it("names all ports of the workload, with the container's numbers and protocols", () => {
    const ports = { http: 8080, metrics: 9090, dns: { port: 5353, protocol: "UDP" } };
    assert.deepEqual(planned(shop({ ports }))[0]?.ports, [
      { name: "http", port: 8080, targetPort: 8080, protocol: "TCP" },
      { name: "metrics", port: 9090, targetPort: 9090, protocol: "TCP" },
      { name: "dns", port: 5353, targetPort: 5353, protocol: "UDP" },
    ]);
  });

  it("selects by the labels that the settings give", () => {
    assert.deepEqual(planned(shop({ labels: { app: "be", tier: "api" } }))[0]?.selector, {
      app: "be",
      tier: "api",
    });
  });

  const forms: [title: string, workload: object, profile: string, headless: boolean, because: string][] = [
    ["a stateful workload", { stateful: true }, "baseline", true, "each pod of a stateful workload"],
    ["the profile legacy-static-ip", {}, "legacy-static-ip", true, "the profile's names"],
    ["service: headless", { service: "headless" }, "baseline", true, "as the settings say"],
    [
      "service: clusterIP",
      { stateful: true, service: "clusterIP" },
      "legacy-static-ip",
      false,
      "as the sett",
    ],
  ];
  for (const [title, workload, profile, headless, because] of forms) {
    it(`gives ${title} one ${headless ? "without" : "with"} an address`, () => {
      const [service] = planned(shop(workload), { profile });
      assert.equal(service?.headless, headless);
      assert.ok(service.because.includes(because), service.because);
    });
  }

  it("makes one where no flow ends, if it is asked for, and none where none is wanted", () => {
    const [asked] = planned(shop({ service: "clusterIP" }, []));
    assert.equal(asked?.because, "The workload asks for it; one address, as the settings say");
    assert.deepEqual(planned(shop({ service: "none" })), []);
    assert.deepEqual(planned(shop({}, [])), []);
  });

  it("names pods that are not ready only to the members of a workload that talk to each other", () => {
    const among = ["client -> backend:http", "backend -> backend:http"];
    const notReady = (workload: object, flows: string[]) =>
      planned(shop(workload, flows)).find(({ name }) => name === "backend")?.publishNotReadyAddresses;
    assert.equal(notReady({ stateful: true }, among), true);
    assert.equal(notReady({ stateful: true }, among.slice(0, 1)), false);
    assert.equal(notReady({}, among), false);
  });

  it("makes a headless one without ports, on request", () => {
    const [service] = planned(shop({ ports: {}, service: "headless" }, []));
    assert.deepEqual(service?.ports, []);
  });
});

describe("readSettings() with Services", () => {
  const cases: [title: string, workload: object, flows: unknown[], complaint: string][] = [
    [
      "two names of one port",
      { ports: { http: 8080, web: 8080 } },
      ["client -> backend:http"],
      "namespaces[0].workloads[1].ports.web: TCP 8080 has the name http already, and a Service has each port once: keep one of the names, or set service: none",
    ],
    [
      "an address without ports",
      { ports: {}, service: "clusterIP" },
      [],
      "namespaces[0].workloads[1].ports: shop/backend declares no port, and a Service with an address needs one: declare its ports, or set service: headless",
    ],
    [
      "a name that no Service can have",
      { name: "2048", service: "clusterIP" },
      [],
      "namespaces[0].workloads[1].name: 2048 cannot be the name of a Service, which begins with a letter: rename the workload, or set service: none",
    ],
  ];
  for (const [title, workload, flows, complaint] of cases) {
    it(`refuses ${title}`, () => {
      assert.deepEqual(complaints({ ...minimal, namespaces: [shop(workload, flows)] }), [complaint]);
    });
  }
});
