import assert from "node:assert/strict";
import { stackLabel } from "../../../model/live.ts";
import { chooseServices, type LiveService } from "../../../model/services/existing.ts";
import type { PlannedService } from "../../../model/services/planned.ts";

const stack = "cluster-network.test";
const planned: PlannedService = {
  namespace: "shop",
  name: "backend",
  headless: false,
  publishNotReadyAddresses: false,
  selector: { app: "backend", tier: "api" },
  ports: [
    { name: "http", port: 8080, targetPort: 8080, protocol: "TCP" },
    { name: "dns", port: 5353, targetPort: 5353, protocol: "UDP" },
  ],
  observed: false,
  because: "",
  path: "namespaces[0].workloads[1]",
};
const found: LiveService = {
  namespace: "shop",
  name: "backend",
  labels: {},
  type: "ClusterIP",
  selector: { app: "backend" },
  ports: [
    { port: 80, targetPort: "http" },
    { port: 5353, protocol: "UDP" },
  ],
};
const choose = (over: Partial<LiveService>) => chooseServices([planned], [{ ...found, ...over }], stack);

describe("chooseServices()", () => {
  it("makes what is not there, and what this stack has made", () => {
    const made = { services: [planned], warnings: [] };
    assert.deepEqual(chooseServices([planned], [], stack), made);
    assert.deepEqual(choose({ name: "other" }), made);
    assert.deepEqual(choose({ namespace: "market" }), made);
    assert.deepEqual(choose({ labels: { [stackLabel]: stack }, selector: {} }), made);
  });

  it("makes none in a namespace that is only observed, and lets one go on that it has made before", () => {
    const observed = { ...planned, observed: true };
    assert.deepEqual(chooseServices([observed], [], stack).services, []);
    const ours = { ...found, labels: { [stackLabel]: stack } };
    assert.deepEqual(chooseServices([observed], [ours], stack).services, [observed]);
  });

  const silent: [title: string, over: Partial<LiveService>][] = [
    ["leads to the ports by name and by its own number", {}],
    [
      "leads there by number",
      {
        ports: [
          { port: 1, targetPort: 8080 },
          { port: 2, targetPort: 5353, protocol: "UDP" },
        ],
      },
    ],
    ["stands for the pods' own addresses", { headless: true, ports: [] }],
    ["is of another stack", { labels: { [stackLabel]: "cluster-network.other" } }],
  ];
  for (const [title, over] of silent) {
    it(`leaves one alone that ${title}, without a word`, () => {
      assert.deepEqual(choose(over), { services: [], warnings: [] });
    });
  }

  const astray: [over: Partial<LiveService>, why: string][] = [
    [{ type: "ExternalName" }, "is only another name for something else"],
    [{ selector: undefined }, "selects no pods: somebody else says where it leads"],
    [{ selector: { app: "backend", tier: "web" } }, "selects by tier=web, which is no label of the workload"],
    [{ ports: [{ port: 80, targetPort: "http" }] }, "does not lead to dns (UDP 5353)"],
    [{ ports: [{ port: 5353, targetPort: 5353 }, { port: 8080 }] }, "does not lead to dns (UDP 5353)"],
    [{ ports: undefined }, "does not lead to http (TCP 8080) and dns (UDP 5353)"],
  ];
  for (const [over, why] of astray) {
    it(`leaves one alone that ${why}, and says so`, () => {
      assert.deepEqual(choose(over), {
        services: [],
        warnings: [
          `namespaces[0].workloads[1]: Service shop/backend is not of this stack, stays as it is, and ${why}: correct it, delete it to get one from here, or set service: none where that is meant`,
        ],
      });
    });
  }
});
