/**
 * The cases of Kubernetes' own end-to-end test of NetworkPolicies, in our words: which pods there are, which policies,
 * who reaches whom. Facts from https://github.com/kubernetes/kubernetes/blob/008b3652959ca58af8be3fb5b6ecfe9ae7638282/test/e2e/network/netpol/network_policy.go
 * Where that test changes something on the way, each state is a case. It says nothing of a pod that calls itself.
 */
import type { NetworkPolicy, PolicyPeer, Selector } from "../../../sandbox/judges/scene.ts";
import {
  allow,
  type CaseOf,
  deny,
  type Matrices,
  of,
  policy,
  type PolicyCase,
  policyCase,
} from "./policy-case.ts";

const a = of({ pod: "a" });
const b = of({ pod: "b" });
const nameLabel = "kubernetes.io/metadata.name";
const named = (namespace: string): Selector => of({ [nameLabel]: namespace });
const notNamed = (namespace: string): Selector => ({
  matchExpressions: [{ key: nameLabel, operator: "NotIn", values: [namespace] }],
});
const ingressFrom = (...from: PolicyPeer[]): NetworkPolicy =>
  policy("x", { podSelector: a, ingress: [{ from }] });
const onlyFromY = ["x/a .+++", "x/b -.++", "y/a ++.+", "z/a -++."];
const onlyFromYPods = ["x/a .++++", "x/b -.+++", "y/a ++.++", "y/b +++.+", "z/a -+++."];
const nobodyToXA = ["x/a .++++", "x/b -.+++", "y/a -+.++", "y/b -++.+", "z/a -+++."];
const fromYOn = (port: number): NetworkPolicy =>
  policy(
    "x",
    {
      podSelector: a,
      ingress: [{ from: [{ namespaceSelector: named("y") }], ports: [{ protocol: "TCP", port }] }],
    },
    `on-${port}`,
  );
const egressTo = (cidr: string, except?: string[]): NetworkPolicy =>
  policy("x", { podSelector: a, egress: [{ to: [{ ipBlock: { cidr, except } }] }] });

export const e2eCases: readonly PolicyCase[] = [
  e2e("default-deny-ingress", [policy("x", { ingress: deny })], {
    "TCP 80": ["x/a .-++", "x/b -.++", "y/a --.+", "y/b --+."],
  }),
  e2e("default-deny-all", [policy("x", { ingress: deny, egress: deny })], {
    "TCP 80": ["x/a .--", "x/b -.-", "y/a --."],
  }),
  e2e("ingress from a pod of the namespace", [ingressFrom({ podSelector: b })], {
    "TCP 80": ["x/a .+++", "x/b +.++", "x/c -+.+", "y/a -++."],
  }),
  e2e(
    "ingress for one target in a denied namespace",
    [
      policy("x", { ingress: deny }, "deny"),
      policy(
        "x",
        { podSelector: a, ingress: [{ from: [{ podSelector: {}, namespaceSelector: {} }] }] },
        "allow",
      ),
    ],
    { "TCP 80": ["x/a .-+", "x/b +.+", "y/a +-."] },
  ),
  e2e("ingress from pods in all namespaces", [ingressFrom({ namespaceSelector: of({}) })], {
    "TCP 80": ["x/a .+++", "x/b +.++", "y/a ++.+", "z/a +++."],
  }),
  e2e("ingress from another namespace only", [ingressFrom({ namespaceSelector: named("y") })], {
    "TCP 80": onlyFromY,
  }),
  e2e(
    "podSelector with matchExpressions",
    [ingressFrom({ podSelector: { matchExpressions: [{ key: "pod", operator: "In", values: ["b"] }] } })],
    { "TCP 80": ["x/a .++", "x/b +.+", "y/a -+."] },
  ),
  e2e(
    "namespaceSelector with matchExpressions",
    [
      ingressFrom({
        namespaceSelector: { matchExpressions: [{ key: nameLabel, operator: "In", values: ["y"] }] },
      }),
    ],
    { "TCP 80": onlyFromY },
  ),
  e2e(
    "podSelector or namespaceSelector",
    [ingressFrom({ namespaceSelector: notNamed("x") }, { podSelector: b })],
    { "TCP 80": ["x/a .+++", "x/b +.++", "x/c -+.+", "y/a +++."] },
  ),
  e2e(
    "podSelector and namespaceSelector",
    [ingressFrom({ namespaceSelector: notNamed("x"), podSelector: b })],
    { "TCP 80": ["x/a .++++", "x/b -.+++", "y/a -+.++", "y/b +++.+", "z/b ++++."] },
  ),
  e2e(
    "several pods in several namespaces",
    [
      ingressFrom({
        namespaceSelector: notNamed("x"),
        podSelector: { matchExpressions: [{ key: "pod", operator: "In", values: ["b", "c"] }] },
      }),
    ],
    { "TCP 80": ["x/a .++++", "x/b -.+++", "y/a -+.++", "y/b +++.+", "y/c ++++."] },
  ),
  e2e("any of several podSelectors", [ingressFrom({ podSelector: b }, { podSelector: of({ pod: "c" }) })], {
    "TCP 80": ["x/a .++", "x/b +.+", "x/c ++."],
  }),
  e2e(
    "ingress from one pod of another namespace",
    [ingressFrom({ namespaceSelector: named("y"), podSelector: a })],
    { "TCP 80": ["x/a .++++", "x/b -.+++", "y/a ++.++", "y/b -++.+", "z/a -+++."] },
  ),
  e2e("ports", [fromYOn(81)], { "TCP 81": onlyFromYPods }),
  e2e("stacked policies: one port", [fromYOn(81)], { "TCP 81": onlyFromYPods, "TCP 80": nobodyToXA }),
  e2e("stacked policies: another port added", [fromYOn(81), fromYOn(80)], {
    "TCP 81": onlyFromYPods,
    "TCP 80": onlyFromYPods,
  }),
  e2e("allow-all", [policy("x", { ingress: allow })], {
    "TCP 80": ["x/a .++", "x/b +.+", "y/a ++."],
    "TCP 81": ["x/a .++", "x/b +.+", "y/a ++."],
  }),
  e2e("ingress on a named port", [policy("x", { ingress: [{ ports: [{ port: "serve-81-tcp" }] }] })], {
    "TCP 81": ["x/a .++", "x/b +.+", "y/a ++."],
    "TCP 80": ["x/a .-+", "x/b -.+", "y/a --."],
  }),
  e2e(
    "ingress from a namespace on a named port",
    [
      policy("x", {
        podSelector: a,
        ingress: [
          { from: [{ namespaceSelector: named("y") }], ports: [{ port: "serve-80-tcp", protocol: "TCP" }] },
        ],
      }),
    ],
    { "TCP 80": onlyFromY, "TCP 81": ["x/a .+++", "x/b -.++", "y/a -+.+", "z/a -++."] },
  ),
  e2e("egress on a named port", [policy("x", { egress: [{ ports: [{ port: "serve-80-tcp" }] }] })], {
    "TCP 80": ["x/a .+", "y/a +."],
    "TCP 81": ["x/a .-", "y/a +."],
  }),
  e2e("updated policy: allows all", [policy("x", { ingress: allow })], { "TCP 81": ["x/a .+", "y/a +."] }),
  e2e("updated policy: denies all", [policy("x", { ingress: deny })], { "TCP 81": ["x/a .+", "y/a -."] }),
  e2e("updated namespace: before", [ingressFrom({ namespaceSelector: of({ ns2: "updated" }) })], {
    "TCP 80": ["x/a .+", "y/a -."],
  }),
  e2e(
    "updated namespace: after",
    [ingressFrom({ namespaceSelector: of({ ns2: "updated" }) })],
    { "TCP 80": ["x/a .+", "y/a +."] },
    { namespaces: { y: { ns2: "updated" } } },
  ),
  e2e("updated client: before", [ingressFrom({ podSelector: of({ pod: "b", pod2: "updated" }) })], {
    "TCP 80": ["x/a .+", "x/b -."],
  }),
  e2e(
    "updated client: after",
    [ingressFrom({ podSelector: of({ pod: "b", pod2: "updated" }) })],
    { "TCP 80": ["x/a .+", "x/b +."] },
    { labels: { "x/b": { pod2: "updated" } } },
  ),
  e2e("no ingress from other namespaces", [policy("x", { ingress: [{ from: [{ podSelector: of({}) }] }] })], {
    "TCP 80": ["x/a .+++", "x/b +.++", "y/a --.+", "z/a --+."],
  }),
  e2e("updated target: before", [policy("x", { podSelector: of({ target: "isolated" }), ingress: deny })], {
    "TCP 80": ["x/a .+", "y/a +."],
  }),
  e2e(
    "updated target: after",
    [policy("x", { podSelector: of({ target: "isolated" }), ingress: deny })],
    { "TCP 80": ["x/a .+", "y/a -."] },
    { labels: { "x/a": { target: "isolated" } } },
  ),
  e2e("no egress from a pod", [policy("x", { podSelector: a, egress: deny })], {
    "TCP 80": ["x/a .--", "x/b +.+", "y/a ++."],
  }),
  e2e("no egress from a namespace", [policy("x", { egress: deny })], {
    "TCP 80": ["x/a .--", "x/b -.-", "y/a ++."],
  }),
  e2e(
    "ingress and egress in one policy",
    [
      policy("x", {
        podSelector: a,
        ingress: [{ from: [{ podSelector: b }] }],
        egress: [{ ports: [{ port: 80 }] }],
        policyTypes: ["Egress", "Ingress"],
      }),
    ],
    {
      "TCP 80": ["x/a .+++", "x/b +.++", "x/c -+.+", "y/a -++."],
      "TCP 81": ["x/a .---", "x/b +.++", "x/c -+.+", "y/a -++."],
    },
  ),
  e2e(
    "egress denied by the client's policy, though the server's allows it",
    [
      policy("x", { podSelector: a, egress: [{ to: [{ namespaceSelector: named("y"), podSelector: a }] }] }),
      policy(
        "y",
        { podSelector: a, ingress: [{ from: [{ namespaceSelector: named("x"), podSelector: a }] }] },
        "a",
      ),
      policy(
        "y",
        { podSelector: b, ingress: [{ from: [{ namespaceSelector: named("x"), podSelector: a }] }] },
        "b",
      ),
    ],
    { "TCP 80": ["x/a .+-", "y/a +.-", "y/b +-."] },
  ),
  e2e(
    "egress to one pod of another namespace",
    [policy("x", { podSelector: a, egress: [{ to: [{ namespaceSelector: named("y"), podSelector: a }] }] })],
    { "TCP 80": ["x/a .+-", "y/a +.+", "y/b ++."] },
  ),
  e2e(
    "any port of one protocol",
    [policy("x", { podSelector: a, ingress: [{ ports: [{ protocol: "TCP" }] }] })],
    { "TCP 80": ["x/a .+", "y/a +."], "UDP 80": ["x/a .+", "y/a -."] },
  ),
  e2e("ingress on a port only", [policy("x", { ingress: [{ ports: [{ port: 80 }] }] })], {
    "TCP 81": ["x/a .+", "y/a -."],
  }),
  e2e(
    "ingress on a port, and allow-all beside it",
    [policy("x", { ingress: [{ ports: [{ port: 80 }] }] }, "on-80"), policy("x", { ingress: allow }, "all")],
    { "TCP 81": ["x/a .+", "y/a +."] },
  ),
  e2e("egress on a port only", [policy("x", { egress: [{ ports: [{ port: 80 }] }] })], {
    "TCP 81": ["x/a .-", "y/a +."],
  }),
  e2e(
    "egress on a port, and allow-all beside it",
    [policy("x", { egress: [{ ports: [{ port: 80 }] }] }, "on-80"), policy("x", { egress: allow }, "all")],
    { "TCP 81": ["x/a .+", "y/a +."] },
  ),
  e2e("deleted policy: before", [policy("x", { ingress: deny, egress: deny })], {
    "TCP 80": ["x/a .-", "y/a -."],
  }),
  e2e("deleted policy: after", [], { "TCP 80": ["x/a .+", "y/a +."] }),
  e2e("egress to a CIDR", [egressTo("10.0.0.3/32")], { "TCP 80": ["x/a .-+", "y/a +.+", "y/b ++."] }),
  e2e("egress to a CIDR except a pod", [egressTo("0.0.0.0/1", ["10.0.0.2/32"])], {
    "TCP 80": ["x/a .-+", "x/b +.+", "x/c ++."],
  }),
  e2e("egress to what was the exception", [egressTo("10.0.0.2/32")], {
    "TCP 80": ["x/a .+-", "x/b +.+", "x/c ++."],
  }),
  e2e("egress of a pod alone", [policy("x", { podSelector: a, egress: allow })], {
    "TCP 80": ["x/a .++", "x/b +.+", "y/a ++."],
  }),
  e2e(
    "egress and ingress of a pod, each by itself",
    [
      policy("x", { podSelector: a, egress: allow }, "egress"),
      policy("x", { podSelector: a, ingress: deny }, "deny"),
    ],
    { "TCP 80": ["x/a .++", "x/b -.+", "y/a -+."] },
  ),
  e2e(
    "SCTP is not TCP",
    [
      policy("x", { ingress: deny }, "deny"),
      policy("x", { podSelector: a, ingress: [{ ports: [{ port: 81, protocol: "SCTP" }] }] }, "sctp"),
    ],
    { "TCP 81": ["x/a .+", "y/a -."] },
  ),
  e2e(
    "a rule for SCTP alone isolates",
    [policy("x", { podSelector: a, ingress: [{ ports: [{ port: 80, protocol: "SCTP" }] }] })],
    { "TCP 81": ["x/a .+", "y/a -."] },
  ),
  e2e(
    "UDP is not TCP",
    [policy("x", { podSelector: a, ingress: [{ ports: [{ port: 81, protocol: "UDP" }] }] })],
    { "TCP 81": ["x/a .+", "y/a -."] },
  ),
  e2e(
    "egress to all namespaces but one",
    [policy("x", { podSelector: a, egress: [{ to: [{ namespaceSelector: notNamed("y") }] }] })],
    {
      "TCP 80": ["x/a .+-+", "x/b +.++", "y/a ++.+", "z/a +++."],
    },
  ),
  ...(["UDP", "SCTP"] as const).flatMap((protocol) => [
    e2e(`${protocol}: default-deny-ingress`, [policy("x", { ingress: deny })], {
      [`${protocol} 80`]: ["x/a .-++", "x/b -.++", "y/a --.+", "y/b --+."],
    }),
    e2e(
      `${protocol}: ports`,
      [
        policy("x", {
          podSelector: a,
          ingress: [{ from: [{ namespaceSelector: named("y") }], ports: [{ protocol, port: 81 }] }],
        }),
      ],
      { [`${protocol} 81`]: onlyFromY },
    ),
    e2e(
      `${protocol}: ingress from one pod of another namespace`,
      [ingressFrom({ namespaceSelector: named("y"), podSelector: a })],
      { [`${protocol} 80`]: ["x/a .++", "x/b -.+", "y/a ++."] },
    ),
  ]),
];

/** Pods a, b, c in namespaces x, y, z, which are labelled with their names and serve on 80 and 81. */
function e2e(
  title: string,
  policies: readonly NetworkPolicy[],
  matrices: Matrices,
  {
    namespaces,
    labels = {},
  }: Pick<CaseOf, "namespaces"> & { readonly labels?: Readonly<Record<string, Record<string, string>>> } = {},
): PolicyCase {
  const ports = (["TCP", "UDP", "SCTP"] as const).flatMap((protocol) =>
    [80, 81].map((port) => ({ protocol, port, name: `serve-${port}-${protocol.toLowerCase()}` })),
  );
  const pods = Object.fromEntries(
    ["x", "y", "z"].flatMap((namespace) =>
      ["a", "b", "c"].map((pod) => {
        const name = `${namespace}/${pod}`;
        return [name, { labels: { pod, ...labels[name] }, ports }] as const;
      }),
    ),
  );
  return policyCase({ title, namespaces, pods, policies, matrices });
}
