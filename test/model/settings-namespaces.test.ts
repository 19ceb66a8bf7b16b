import assert from "node:assert/strict";
import { complaints, minimal, settingsOf } from "../support/settings.ts";

const shop = {
  name: "shop",
  workloads: [
    { name: "web", ports: { http: 8080 } },
    { name: "db", ports: { sql: { port: 5432 } } },
  ],
};
const complaintsOf = (namespace: object): string[] =>
  complaints({ ...minimal, namespaces: [{ ...shop, ...namespace }] });

describe("settings of namespaces", () => {
  it("need a name and no more", () => {
    assert.deepEqual(settingsOf({ namespaces: [{ name: "shop" }] }).namespaces, [
      {
        name: "shop",
        create: false,
        stage: "enforce",
        acceptUnexplainedPods: false,
        workloads: [],
        flows: [],
      },
    ]);
  });

  it("take a flow as a text and as an object", () => {
    const flows = ["web -> db:sql", { from: "web", to: "db", port: "sql" }];
    assert.deepEqual(complaintsOf({ flows: flows.slice(0, 1) }), []);
    assert.deepEqual(complaintsOf({ flows: flows.slice(1) }), []);
  });

  const cases: [title: string, namespace: object, complaint: string][] = [
    [
      "an unknown stage",
      { stage: "enforced" },
      'namespaces[0].stage: "enforced" is not a choice: did you mean enforce?',
    ],
    [
      "a misspelt key of a flow",
      { flows: [{ from: "web", to: "db", prot: "sql" }] },
      "namespaces[0].flows[0].prot: Unknown key prot: did you mean port?",
    ],
    [
      "a misspelt key of a workload",
      { workloads: [{ name: "web", replica: 2 }] },
      "namespaces[0].workloads[0].replica: Unknown key replica: did you mean replicas?",
    ],
    [
      "a method that is none",
      { flows: [{ from: "web", to: "db", port: "sql", http: [{ method: "get" }] }] },
      'namespaces[0].flows[0].http[0].method: "get" is not valid: write a method in capitals, such as GET',
    ],
  ];
  const web = { name: "web", ports: { http: 8080 } };
  const request = (http: object) => ({ flows: [{ from: "web", to: "db", port: "sql", http: [http] }] });
  cases.push(
    [
      "a label that the API refuses, before a deployment comes to it",
      { workloads: [{ ...web, labels: { app: "my shop" } }] },
      'namespaces[0].workloads[0].labels.app: "my shop" is not valid: use letters, digits, - _ and . within, at most 63 of them',
    ],
    [
      "such a label's name",
      { workloads: [{ ...web, labels: { "my app": "shop" } }] },
      'namespaces[0].workloads[0].labels.my app: "my app" is no name that may stand here: write a label\'s name, such as app or app.kubernetes.io/name, at most 63 characters',
    ],
    [
      "a port's name that the API refuses",
      { workloads: [{ name: "web", ports: { "HTTP!": 8080 } }] },
      'namespaces[0].workloads[0].ports.HTTP!: "HTTP!" is no name that may stand here: use lower-case letters, digits and -, at most 63 of them',
    ],
    [
      "an expression that Cilium cannot read, and would make the policy void",
      request({ path: "/v1/(" }),
      'namespaces[0].flows[0].http[0].path: "/v1/(" is not valid: write a regular expression as RE2 has it: no lookahead, no back reference',
    ],
  );
  const labelled = (...labels: Record<string, string>[]) => ({
    flows: [],
    workloads: labels.map((one, i) => ({ name: `w${i}`, labels: one })),
  });
  cases.push(
    [
      "labels that are another workload's, too",
      labelled({ app: "x" }, { app: "x", tier: "y" }),
      "namespaces[0].workloads[0].labels: app=x of w0 selects the pods of w1, too: give it labels that its own pods have, and no other workload's",
    ],
    [
      "a workload that is every pod",
      labelled({}, { app: "x" }),
      "namespaces[0].workloads[0].labels: No labels select every pod of shop: give it labels that its own pods have, and no other workload's",
    ],
  );
  for (const [title, namespace, complaint] of cases) {
    it(`refuse ${title}`, () => assert.deepEqual(complaintsOf(namespace), [complaint]));
  }
});

describe("settings of policies", () => {
  it("have defaults", () => {
    assert.deepEqual(settingsOf({}).policies, {
      dialect: "kubernetes",
      baseline: "namespaces",
      systemNamespaces: false,
      delivery: "resources",
      auditWholeCluster: false,
      ingressController: {
        namespace: "ingress-nginx",
        labels: { "app.kubernetes.io/name": "ingress-nginx" },
      },
      monitoring: { namespace: "monitoring", labels: { "app.kubernetes.io/name": "prometheus" } },
    });
  });

  it("refuse an unknown dialect", () => {
    assert.deepEqual(complaints({ ...minimal, policies: { dialect: "calico" } }), [
      'policies.dialect: "calico" is not a choice: use one of cilium, kubernetes',
    ]);
  });
});
