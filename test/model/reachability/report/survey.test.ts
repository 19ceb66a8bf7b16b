import assert from "node:assert/strict";
import { formatProblem } from "../../../../model/problem.ts";
import { survey } from "../../../../model/reachability/report/survey.ts";
import { listed, picture } from "../../../support/flows.ts";
import { shop } from "../../../support/shop.ts";

const pod = (namespace: string, name: string, labels = `{ app: ${name} }`): string =>
  `{ apiVersion: v1, kind: Pod, metadata: { name: ${name}, namespace: ${namespace}, labels: ${labels} } }`;
const policy = (name: string, spec: string): string =>
  `{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: ${name}, namespace: a }, spec: ${spec} }`;
const pile = (...texts: string[]): string => texts.join("\n---\n");

describe("describeSurvey()", () => {
  it("lists who reaches whom by what, and what is isolated", () =>
    assert.equal(
      listed(shop),
      `Isolation (what no policy allows is denied)
  namespace    ingress   egress
  kube-system  isolated  OPEN
  shop         isolated  isolated

Allowed flows
  kube-system/coredns
    → everything outside: every port
    → kube-system/coredns: TCP 53, UDP 53
  shop/api-backend
    → 203.0.113.0/25, 203.0.113.192/26: TCP 443
    → kube-system/coredns: TCP 53, UDP 53
    → shop/postgres: TCP 5432
  shop/api-gateway
    → shop/api-backend: TCP 8080

Only for some requests, or perhaps
  shop/api-backend
    → nodes, api-server: TCP 443`,
    ));

  it("says in a line that nothing is isolated", () => {
    const text = listed(pile(pod("a", "x"), pod("a", "y"), pod("b", "z")));
    assert.match(text, /Allowed flows\n {2}every pod\n {4}→ everyone: every port\n/);
    assert.match(text, /^ {2}a +OPEN +OPEN$/m);
  });

  it("names all pods of a namespace by it, and a range by what it leaves out", () => {
    const text = listed(
      pile(
        pod("a", "x"),
        pod("b", "y"),
        pod("b", "z"),
        pod("c", "v"),
        policy(
          "p",
          `{ podSelector: {}, policyTypes: [Ingress, Egress], egress: [
              { to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: b } } }] },
              { to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [169.254.169.254/32] } }], ports: [{ port: 443 }] }] }`,
        ),
      ),
    );
    assert.match(text, /^ {2}a\/x\n(.*\n)*? {4}→ b\/\*: every port$/m);
    assert.match(text, /→ .*0\.0\.0\.0\/0 but 169\.254\.169\.254\/32: TCP 443$/m);
  });

  it("keeps apart what passes for some requests only", () => {
    const text = listed(
      pile(
        pod("a", "x"),
        pod("a", "y"),
        `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: get, namespace: a }
spec:
  endpointSelector: { matchLabels: { app: y } }
  ingress:
    - fromEndpoints: [{ matchLabels: { app: x } }]
      toPorts: [{ ports: [{ port: "80", protocol: TCP }], rules: { http: [{ method: GET }] } }]`,
      ),
    );
    assert.match(text, /Only for some requests, or perhaps\n {2}a\/x\n {4}→ a\/y: TCP 80$/);
    assert.doesNotMatch(text.split("Only for")[0] ?? "", /TCP 80/);
  });
});

describe("survey().looseEnds", () => {
  const ends = (...texts: string[]): string[] => survey(picture(pile(...texts))).looseEnds.map(formatProblem);

  it("has policies that select nothing, peers that match nothing, and ports that nobody has", () =>
    assert.deepEqual(
      ends(
        pod("a", "x"),
        pod("b", "y"),
        policy("nobody", "{ podSelector: { matchLabels: { app: z } } }"),
        policy(
          "peers",
          `{ podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { app: y } } }, { namespaceSelector: {} }] }] }`,
        ),
        policy("ports", "{ podSelector: {}, ingress: [{ ports: [{ port: http }, { port: 80 }] }] }"),
      ),
      [
        "NetworkPolicy a/nobody: It selects no pod (app=z in a): compare its selector with the labels of the pods",
        "NetworkPolicy a/peers spec.ingress[0]: A peer matches no pod (app=y in a): compare it with the labels of the pods and of their namespace",
        "NetworkPolicy a/ports spec.ingress[0]: No pod that it is about calls a port http, so nothing passes by it: give the port's number, or name it in the pods",
      ],
    ));

  it("has none where there are none, and none of policies without any pods", () => {
    assert.deepEqual(ends(shop), []);
    assert.deepEqual(ends(policy("p", "{ podSelector: { matchLabels: { app: z } } }")), []);
  });
});
