import assert from "node:assert/strict";
import fc from "fast-check";
import { judgeServiceSpec, type NodePortOptions } from "../../model/service-ports.ts";
import { outcome, UNKNOWN } from "../../model/verdict.ts";
import { partlyKnown, staysTrue } from "../support/partly-known.ts";

const LB = { type: "LoadBalancer", allocateLoadBalancerNodePorts: false };

function judge(spec: unknown, options?: NodePortOptions) {
  return judgeServiceSpec("Service shop/web", spec, false, options);
}

describe("judgeServiceSpec()", () => {
  const broken: [title: string, spec: object, said: RegExp][] = [
    [
      "type NodePort",
      { type: "NodePort", ports: [{ port: 80 }] },
      /`spec.type: NodePort` opens a port on every/,
    ],
    [
      "type NodePort with a port",
      { type: "NodePort", ports: [{ nodePort: 30080 }] },
      /opens a port \(30080\)/,
    ],
    [
      "a nodePort in a ClusterIP",
      { ports: [{ port: 80, nodePort: 30080 }] },
      /`spec.ports\[0\].nodePort: 30080`/,
    ],
    [
      "a LoadBalancer by default",
      { type: "LoadBalancer" },
      /`spec.allocateLoadBalancerNodePorts` is not false/,
    ],
    ["a LoadBalancer that allocates", { ...LB, allocateLoadBalancerNodePorts: true }, /is not false/],
    ["a nodePort where none is allocated", { ...LB, ports: [{ nodePort: 31000 }] }, /nodePort: 31000/],
    ["health checks of a local policy", { ...LB, externalTrafficPolicy: "Local" }, /health check port/],
    ["a health check port", { ...LB, healthCheckNodePort: 32000 }, /`healthCheckNodePort: 32000`/],
  ];
  for (const [title, spec, said] of broken) {
    it(`blames ${title}`, () => {
      const { problems } = judge(spec);
      assert.equal(problems.length, 1, JSON.stringify(problems));
      assert.match(problems[0]?.message ?? "", said);
      assert.equal(problems[0]?.path, "Service shop/web");
    });
  }

  const holding: [title: string, spec: object][] = [
    ["no type at all", { ports: [{ port: 80 }] }],
    ["nodePort 0, which is the API's way to say none", { ports: [{ nodePort: 0 }] }],
    ["a LoadBalancer without node ports", LB],
    ["a local policy of a ClusterIP", { type: "ClusterIP", externalTrafficPolicy: "Local" }],
    ["an ExternalName", { type: "ExternalName", externalName: "db.example.com" }],
  ];
  for (const [title, spec] of holding) {
    it(`accepts ${title}`, () => assert.equal(outcome(judge(spec)), "holds"));
  }

  it("accepts health check ports where the configuration does", () => {
    const spec = { ...LB, externalTrafficPolicy: "Local", healthCheckNodePort: 32000 };
    assert.equal(outcome(judge(spec, { allowHealthCheckPorts: true })), "holds");
  });

  it("finds a node port beside one that is not known", () => {
    const { problems, unknowns } = judge({ ports: [{ nodePort: UNKNOWN }, { nodePort: 30001 }] });
    assert.match(problems[0]?.message ?? "", /ports\[1\].nodePort: 30001/);
    assert.match(unknowns[0]?.reason ?? "", /ports\[0\].nodePort` is not known yet/);
  });

  for (const [title, spec] of [
    ["the type", { type: UNKNOWN }],
    ["the allocation of a LoadBalancer", { ...LB, allocateLoadBalancerNodePorts: UNKNOWN }],
    ["the traffic policy of a LoadBalancer", { ...LB, externalTrafficPolicy: UNKNOWN }],
    ["all ports", { ports: UNKNOWN }],
    ["the whole spec", UNKNOWN],
  ] as const) {
    it(`does not know yet when ${title} is not known`, () => assert.equal(outcome(judge(spec)), "unknown"));
  }

  it("says of a partly known Service only what stays true", () => {
    const port = fc.record({ port: fc.nat(), nodePort: fc.constantFrom(0, 30080) }, { requiredKeys: [] });
    const spec = fc.record(
      {
        type: fc.constantFrom("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"),
        ports: fc.array(port, { maxLength: 3 }),
        allocateLoadBalancerNodePorts: fc.boolean(),
        externalTrafficPolicy: fc.constantFrom("Local", "Cluster"),
        healthCheckNodePort: fc.constantFrom(0, 32000),
      },
      { requiredKeys: [] },
    );
    fc.assert(fc.property(partlyKnown(spec), ([full, partial]) => staysTrue(judge(partial), judge(full))));
  });
});

describe("judgeServiceSpec() of a patch", () => {
  const judgePatch = (spec: object) => outcome(judgeServiceSpec("ServicePatch shop/web", spec, true));

  it("blames what the fragment itself does", () => {
    assert.equal(judgePatch({ type: "NodePort" }), "broken");
    assert.equal(judgePatch({ ports: [{ port: 80, nodePort: 30080 }] }), "broken");
  });

  it("does not know yet what depends on the Service in the cluster", () => {
    assert.equal(judgePatch({ externalTrafficPolicy: "Local" }), "unknown");
    assert.equal(judgePatch({ allocateLoadBalancerNodePorts: true }), "unknown");
  });

  it("accepts a fragment without any of these fields", () => {
    assert.equal(judgePatch({ ports: [{ port: 80 }] }), "holds");
  });
});
