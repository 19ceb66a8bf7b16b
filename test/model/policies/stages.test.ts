import assert from "node:assert/strict";
import { inStage, stageWarnings, withPolicies } from "../../../model/policies/stages.ts";
import { complaints, minimal, settingsOf } from "../../support/settings.ts";

type StageName = "observe" | "audit" | "enforce";
const staged = (...stages: StageName[]) => ({
  namespaces: stages.map((stage, i) => ({ name: `ns-${i}`, stage })),
});
const consent = { policies: { auditWholeCluster: true } };

describe("stageProblems()", () => {
  const said = (raw: object): string[] => complaints({ ...minimal, ...raw });

  const fine: [title: string, raw: object][] = [
    ["namespaces to enforce", staged("enforce", "enforce")],
    ["some to observe beside some to enforce", staged("observe", "enforce")],
    ["an audit where nothing is enforced", staged("audit", "audit", "observe")],
    ["an audit beside enforced namespaces, with consent", { ...staged("audit", "enforce"), ...consent }],
    ["Cilium's own switch where nothing is enforced", { cilium: { policyAuditMode: true } }],
    ["the same word twice", { ...staged("audit"), cilium: { values: { policyAuditMode: true } } }],
    [
      "options that are kept, where nothing audits",
      { ...staged("enforce"), cilium: { values: { extraConfig: { "keep-config": "true" } } } },
    ],
    ["observation with Calico", { datapath: "calico", ...staged("observe") }],
    [
      "observation of a datapath that is left to others",
      { cilium: { enabled: false }, ...staged("observe") },
    ],
  ];
  for (const [title, raw] of fine) it(`lets through ${title}`, () => assert.deepEqual(said(raw), []));

  const observe = "use stage: observe, which writes nothing and reports what enforcement would break";
  const agree =
    "use stage: observe, which reports without opening anything, or agree by policies.auditWholeCluster: true";
  const wrong: [title: string, raw: object, problem: string][] = [
    [
      "an audit by Calico",
      { datapath: "calico", ...staged("enforce", "audit") },
      `namespaces[1].stage: audit: Calico enforces every NetworkPolicy, so the policies would deny at once: ${observe}`,
    ],
    [
      "an audit of a datapath that is left to others",
      { cilium: { enabled: false }, ...staged("audit") },
      `namespaces[0].stage: audit: The datapath is left to others (cilium.enabled: false), so the policies would deny at once: ${observe}`,
    ],
    [
      "an audit beside enforced namespaces",
      staged("audit", "enforce", "enforce"),
      `namespaces[0].stage: An audit is the whole cluster's in Cilium: nothing would be denied in ns-1 and ns-2 either, to be enforced by their stages: ${agree}`,
    ],
    [
      "Cilium's own switch beside an enforced namespace",
      { ...staged("enforce"), cilium: { policyAuditMode: true } },
      `cilium.policyAuditMode: An audit is the whole cluster's in Cilium: nothing would be denied in ns-0 either, to be enforced by its stage: ${agree}; or take this out`,
    ],
    [
      "the chart's switch beside an enforced namespace",
      { ...staged("enforce"), cilium: { values: { policyAuditMode: true } } },
      `cilium.values.policyAuditMode: An audit is the whole cluster's in Cilium: nothing would be denied in ns-0 either, to be enforced by its stage: ${agree}; or take this out`,
    ],
    [
      "an audit that the chart's switch turns off",
      { ...staged("audit"), cilium: { values: { policyAuditMode: false } } },
      "cilium.values.policyAuditMode: Turns audit off, and policies of namespaces in stage audit (ns-0) would deny at once: leave it out: the stages decide",
    ],
    [
      "an audit that extraConfig turns off",
      { ...staged("audit"), cilium: { values: { extraConfig: { "policy-audit-mode": "false" } } } },
      "cilium.values.extraConfig.policy-audit-mode: Turns audit off, and policies of namespaces in stage audit (ns-0) would deny at once: leave it out: the stages decide",
    ],
    [
      "an audit that does not come to running pods",
      { ...staged("audit"), cilium: { values: { extraConfig: { "keep-config": "true" } } } },
      "cilium.values.extraConfig.keep-config: true keeps the options of pods that run when their agent restarts: an audit would not come to them, and policies would deny: take it out in a deployment before",
    ],
  ];
  for (const [title, raw, problem] of wrong) {
    it(`refuses ${title}`, () => assert.deepEqual(said(raw), [problem]));
  }
});

describe("stageProblems() of flows with requests", () => {
  const requests = (from: StageName, to: StageName, flow: object = { from: "web", to: "lab/api" }) =>
    complaints({
      ...minimal,
      policies: { auditWholeCluster: true },
      namespaces: [
        {
          name: "shop",
          stage: from,
          workloads: [{ name: "web" }],
          flows: [{ ...flow, port: 80, http: [{ method: "GET" }] }],
        },
        { name: "lab", stage: to, workloads: [{ name: "api", ports: { http: 80 } }] },
      ],
    });
  const refusal = [
    "namespaces[0].flows[0].http: Cilium's proxy refuses other requests in an audit, too: audit covers addresses and ports only: leave http out until the namespace is enforced, or use stage: observe",
  ];

  it("refuses an audit of where they arrive, for the proxy knows none", () =>
    assert.deepEqual(requests("enforce", "audit"), refusal));
  it("lets an audit of where they come from, for they are read where they arrive", () =>
    assert.deepEqual(requests("audit", "enforce"), []));
  it("refuses it where they arrive in a namespace without policies, and so are read at their start", () => {
    assert.deepEqual(requests("audit", "observe"), refusal);
    assert.deepEqual(requests("observe", "audit"), refusal);
  });
});

describe("stageWarnings()", () => {
  const said = (raw: object): string[] => stageWarnings(settingsOf(raw));

  it("has nothing to say where nothing audits", () => {
    assert.deepEqual(said(staged("enforce", "observe")), []);
    assert.deepEqual(said({ ...consent, cilium: { enabled: false } }).length, 1);
  });
  it("names the enforced namespaces that are open meanwhile", () => {
    const [warning, ...others] = said({ ...staged("audit", "enforce", "enforce"), ...consent });
    assert.deepEqual(others, []);
    assert.match(
      warning ?? "",
      /open meanwhile although they are to be enforced: ns-1 and ns-2\. Audited: ns-0\./,
    );
    assert.match(warning ?? "", /hubble observe --verdict AUDIT/);
  });
  it("warns of an audit in which nothing is enforced, too", () => {
    const [warning] = said(staged("audit"));
    assert.match(warning ?? "", /^Audit is on in the whole cluster/);
    assert.doesNotMatch(warning ?? "", /open meanwhile/);
  });
  it("warns of consent that is left", () =>
    assert.deepEqual(said({ ...staged("enforce"), ...consent }), [
      "policies.auditWholeCluster is on and nothing audits: take it out, or the next audit opens all unseen",
    ]));
});

describe("stages", () => {
  it("turn Cilium's audit on, and only audit does", () => {
    assert.equal(settingsOf(staged("audit")).cilium.policyAuditMode, true);
    assert.equal(settingsOf(staged("enforce", "observe")).cilium.policyAuditMode, false);
  });
  it("leave observed namespaces without policies", () => {
    const settings = settingsOf({ ...staged("observe", "audit", "enforce"), ...consent });
    assert.deepEqual(inStage(settings, "observe"), ["ns-0"]);
    assert.deepEqual(
      withPolicies(settings).namespaces.map(({ name }) => name),
      ["ns-1", "ns-2"],
    );
  });
});
