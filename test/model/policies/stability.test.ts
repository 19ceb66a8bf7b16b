import assert from "node:assert/strict";
import fc from "fast-check";
import { resolveFlows } from "../../../model/policies/flows.ts";
import { networkPolicies } from "../../../model/policies/policies.ts";
import { policiesOf } from "../../support/policies.ts";
import { settingsOf } from "../../support/settings.ts";

const namespaces = ["shop", "lab"].map((name) => ({
  name,
  workloads: ["a", "b", "c"].map((workload) => ({ name: workload, ports: { main: 8080, admin: 9090 } })),
}));
const ends = ["shop", "lab"].flatMap((name) => ["a", "b", "c"].map((workload) => `${name}/${workload}`));
const end = fc.constantFrom(...ends);
const flow = fc
  .tuple(end, end, fc.constantFrom("main", "admin", "any"))
  .map(([from, to, port]) => ({ from, to, port }));
const outside = fc
  .tuple(end, fc.constantFrom("203.0.113.0/24", "internet", "api.example.com", "api-server", "nodes"))
  .map(([from, to]) => ({ from, to, port: 443 }));
const flowList = fc.array(fc.oneof(flow, outside), { maxLength: 12 });
/** Reading settings takes some ten milliseconds. */
const runs = { numRuns: 30 };
const dialect = fc.constantFrom("kubernetes", "cilium");

const written = (flows: unknown[], policies: object, order = namespaces): Map<string, string> => {
  const raw = { policies, namespaces: order.map((one, i) => (i === 0 ? { ...one, flows } : one)) };
  return new Map([...policiesOf(raw)].map(([name, policy]) => [name, JSON.stringify(policy)]));
};

describe("policies of a stack that changes", () => {
  it("do not depend on the order of flows, workloads and namespaces", () => {
    fc.assert(
      fc.property(flowList, dialect, fc.infiniteStream(fc.nat()), (flows, name, random) => {
        const shuffled = <T>(items: readonly T[]): T[] =>
          items
            .map((item) => [random.next().value, item] as const)
            .sort(([a], [b]) => a - b)
            .map(([, item]) => item);
        const policies = { dialect: name };
        const mixed = shuffled(namespaces).map((one) => ({ ...one, workloads: shuffled(one.workloads) }));
        assert.deepEqual([...written(shuffled(flows), policies, mixed)], [...written(flows, policies)]);
      }),
      runs,
    );
  });

  it("change at the two ends of a flow that is added, and nowhere else", () => {
    fc.assert(
      fc.property(flowList, flow, dialect, (flows, added, name) => {
        const before = written(flows, { dialect: name });
        const after = written([...flows, added], { dialect: name });
        const changed = [...after].filter(([key, text]) => before.get(key) !== text).map(([key]) => key);
        const ofEnds = [added.from, added.to].map((one) => one.replace("/", "/allow-"));
        assert.ok(
          changed.every((key) => ofEnds.includes(key)),
          changed.join(),
        );
        assert.ok([...before.keys()].every((key) => after.has(key)));
      }),
      runs,
    );
  });

  it("are as many as workloads with flows, two for each namespace, and no name twice", () => {
    fc.assert(
      fc.property(flowList, (flows) => {
        const involved = new Set(
          flows.flatMap(({ from, to }) => [from, to]).filter((one) => ends.includes(one)),
        );
        assert.equal(written(flows, {}).size, 4 + involved.size);
      }),
      runs,
    );
  });
});

describe("policies of a large stack", () => {
  const count = { namespaces: 1000, workloads: 10, flows: 5 };
  const large = Array.from({ length: count.namespaces }, (_, i) => ({
    name: `ns-${i}`,
    workloads: Array.from({ length: count.workloads }, (_, j) => ({
      name: `w-${j}`,
      ports: { main: 8080 },
    })),
    flows: Array.from({ length: count.flows }, (_, j) =>
      j === 0 ? `ns-${(i + 1) % count.namespaces}/w-9 -> w-0:main` : `w-${j - 1} -> w-${j}:main`,
    ),
  }));

  it("are made in a time that grows with the flows, not with their square", () => {
    const settings = settingsOf({
      cluster: { name: "large", nodes: 200, podCidr: "10.0.0.0/14", serviceCidr: "10.96.0.0/12" },
      namespaces: large,
    });
    const before = process.cpuUsage();
    const { flows } = resolveFlows(settings);
    const policies = networkPolicies(settings, flows);
    // Of the processor: others run on this machine.
    const { user, system } = process.cpuUsage(before);
    const seconds = (user + system) / 1e6;
    assert.equal(flows.length, 5000);
    assert.equal(policies.length, 2000 + 6000);
    // About 0.1 s; the square would be a minute.
    assert.ok(seconds < 1, `${seconds} s`);
  });
});
