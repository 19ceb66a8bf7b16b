import assert from "node:assert/strict";
import { judge, readPolicies } from "../../../model/reachability/index.ts";
import { UNKNOWN } from "../../../model/verdict.ts";
import { asks, expectReach, pods, worldUnder } from "../../support/reach.ts";

const app = (name: string, more: object = {}) => ({ matchLabels: { app: name, ...more } });
const onB = (entry: object, more: object = {}) => [{ endpointSelector: app("b"), ingress: [entry], ...more }];
const fromB = (entry: object) => [{ endpointSelector: app("b"), egress: [entry] }];
const port = (number: string, more: object = {}) => ({
  toPorts: [{ ports: [{ port: number, protocol: "TCP" }], ...more }],
});
const matchExpressions = [{ key: "team", operator: "NotIn", values: ["red"] }];
const network = { nodeAddresses: ["192.168.0.1", "192.168.0.2"], apiServerAddresses: ["192.168.0.1"] };

const cases: [says: string, specs: readonly object[], passes: string[], denied: string[], more?: object][] = [
  ["an empty entry isolates and allows nothing", onB({}), ["b -> a"], ["a -> b", "8.8.8.8 -> b"]],
  ["an empty section does not isolate", [{ endpointSelector: app("b"), ingress: [] }], ["a -> b"], []],
  ["an empty list of endpoints allows nobody", onB({ fromEndpoints: [] }), [], ["a -> b"]],
  [
    "enableDefaultDeny: false does not isolate",
    onB({ fromEndpoints: [app("a")] }, { enableDefaultDeny: { ingress: false } }),
    ["bare -> b", "a -> b"],
    [],
  ],
  [
    "endpoints are those of the policy's namespace",
    onB({ fromEndpoints: [{}] }),
    ["a -> b", "bare -> b"],
    ["ya -> b", "8.8.8.8 -> b", "host -> b", "nodes -> b"],
  ],
  [
    "unless a label names another",
    onB({ fromEndpoints: [app("a", { "k8s:io.kubernetes.pod.namespace": "y" })] }),
    ["ya -> b"],
    ["a -> b", "yb -> b"],
  ],
  [
    "or labels of the namespace are asked for",
    onB({
      fromEndpoints: [{ matchLabels: { "k8s:io.cilium.k8s.namespace.labels.team": "blue", "any:app": "a" } }],
    }),
    ["ya -> b"],
    ["a -> b", "yb -> b"],
  ],
  [
    "every namespace, where the label merely exists",
    onB({
      fromEndpoints: [{ matchExpressions: [{ key: "k8s:io.kubernetes.pod.namespace", operator: "Exists" }] }],
    }),
    ["a -> b", "ya -> b"],
    ["8.8.8.8 -> b"],
  ],
  [
    "a service account is a label",
    fromB({
      toEndpoints: [
        {
          matchLabels: {
            "k8s:io.kubernetes.pod.namespace": "y",
            "k8s:io.cilium.k8s.policy.serviceaccount": "robot",
          },
        },
      ],
    }),
    ["b -> yb"],
    ["b -> ya"],
  ],
  [
    "ports without peers are for everybody",
    onB(port("80")),
    ["a -> b", "8.8.8.8 -> b", "nodes -> b"],
    ["a -> b TCP 81", "a -> b UDP 80"],
  ],
  [
    "a port without protocol is of any, 0 is all",
    onB({ toPorts: [{ ports: [{ port: "80" }, { port: "0", protocol: "UDP" }] }] }),
    ["a -> b TCP 80", "a -> b UDP 99"],
    ["a -> b TCP 99"],
  ],
  [
    "named ports and ranges",
    onB({ toPorts: [{ ports: [{ port: "http" }, { port: "90", endPort: 92, protocol: "TCP" }] }] }),
    ["a -> b TCP 80", "a -> b TCP 92"],
    ["a -> b TCP 81", "a -> b TCP 93"],
  ],
  [
    "specs are policies of their own",
    [{ specs: [...onB({ fromEndpoints: [app("a")] }), ...fromB({ toEndpoints: [{}] })] }],
    ["a -> b", "b -> bare"],
    ["bare -> b", "b -> ya"],
  ],
  [
    "a deny wins over every allow",
    [
      ...onB({ fromEndpoints: [{}] }),
      ...[{ endpointSelector: {}, ingressDeny: [{ fromEndpoints: [app("a")] }] }],
    ],
    ["bare -> b"],
    ["a -> b"],
  ],
  [
    "a deny of some ports leaves the others",
    [
      {
        endpointSelector: app("b"),
        egress: [{ toEndpoints: [{}] }],
        egressDeny: [{ toEndpoints: [{}], ...port("81") }],
      },
    ],
    ["b -> a"],
    ["b -> a TCP 81"],
  ],
  [
    "CIDRs match neither pods nor nodes",
    onB({ fromCIDRSet: [{ cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] }] }),
    ["8.8.8.8 -> b"],
    ["a -> b", "10.1.1.1 -> b", "192.168.0.1 -> b", "nodes -> b"],
    { network },
  ],
  [
    "unless nodes are to be matched",
    onB({ fromCIDR: ["192.168.0.0/24"] }),
    ["192.168.0.1 -> b", "nodes -> b"],
    ["a -> b"],
    { network, cidrsMatchNodes: true },
  ],
  [
    "world is what is outside",
    fromB({ toEntities: ["world"] }),
    ["b -> 8.8.8.8", "b -> 2001:db8::1", "b -> example.com"],
    ["b -> a", "b -> nodes", "b -> 192.168.0.1", "b -> api-server"],
    { network },
  ],
  [
    "cluster is what is inside",
    fromB({ toEntities: ["cluster"] }),
    ["b -> a", "b -> ya", "b -> nodes", "b -> api-server", "b -> host"],
    ["b -> 8.8.8.8"],
    { network },
  ],
  [
    "host and remote-node are the nodes",
    onB({ fromEntities: ["remote-node"] }),
    ["nodes -> b", "own-node -> b", "192.168.0.2 -> b"],
    ["a -> b", "8.8.8.8 -> b"],
    { network },
  ],
  [
    "kube-apiserver is the API server",
    fromB({ toEntities: ["kube-apiserver"] }),
    ["b -> api-server TCP 6443", "b -> 192.168.0.1"],
    ["b -> nodes", "b -> 192.168.0.2"],
    { network },
  ],
  [
    "a reserved label is an entity",
    fromB({ toEndpoints: [{ matchLabels: { "reserved:kube-apiserver": "" } }] }),
    ["b -> api-server"],
    ["b -> nodes"],
    { network },
  ],
  [
    "all is everybody",
    onB({ fromEntities: ["all"] }),
    ["a -> b", "8.8.8.8 -> b", "nodes -> b", "ingress -> b"],
    [],
  ],
  [
    "names by name and pattern",
    fromB({ toFQDNs: [{ matchName: "api.stripe.com" }, { matchPattern: "*.example.com" }], ...port("443") }),
    ["b -> api.stripe.com TCP 443", "b -> www.example.com TCP 443"],
    ["b -> stripe.com TCP 443", "b -> a.b.example.com TCP 443", "b -> www.example.com TCP 80"],
  ],
  [
    "ICMP alone is no connection",
    onB({ fromEndpoints: [{}], icmps: [{ fields: [{ type: 8 }] }] }),
    [],
    ["a -> b"],
  ],
  [
    "a foreign namespace of whom it is for is taken for the policy's own",
    [{ endpointSelector: app("b", { "k8s:io.kubernetes.pod.namespace": "y" }), ingress: [{}] }],
    ["a -> yb"],
    ["a -> b"],
  ],
  ["a policy for nodes is none for pods", [{ nodeSelector: {}, ingress: [{}] }], ["a -> b"], []],
];

describe("CiliumNetworkPolicy", () => {
  for (const [says, specs, passes, denied, more] of cases) {
    it(says, () => expectReach(worldUnder("CiliumNetworkPolicy", specs, more), passes, denied));
  }

  it("requests are a condition, unless all pass elsewhere", () => {
    const http = { rules: { http: [{ method: "GET", path: "/v1" }] } };
    const narrow = onB({ fromEndpoints: [app("a")], ...port("80", http) });
    const ask = (specs: readonly object[]) =>
      judge(worldUnder("CiliumNetworkPolicy", specs), {
        from: { pod: pods.a },
        to: { pod: pods.b },
        protocol: "TCP",
        port: 80,
      });
    assert.deepEqual([ask(narrow).allowed, ask(narrow).ingress.onlyFor], [true, ["GET /v1"]]);
    assert.deepEqual(ask([...narrow, ...onB({ fromEndpoints: [app("a")] })]).ingress.onlyFor, []);
  });

  it("leaves open whether a namespace that it does not mean means the outside", () => {
    const notY = [{ key: "k8s:io.kubernetes.pod.namespace", operator: "NotIn", values: ["y"] }];
    const world = worldUnder("CiliumNetworkPolicy", onB({ fromEndpoints: [{ matchExpressions: notY }] }));
    const from = ["a", "ya", "8.8.8.8", "nodes", "ingress"];
    assert.deepEqual(
      from.map((who) => asks(world, `${who} -> b`)),
      [true, false, UNKNOWN, UNKNOWN, UNKNOWN],
    );
    const positive = onB({ fromEndpoints: [{ ...app("a"), matchExpressions: notY }] });
    expectReach(worldUnder("CiliumNetworkPolicy", positive), ["a -> b"], ["8.8.8.8 -> b", "nodes -> b"]);
    const spec = {
      podSelector: app("b"),
      ingress: [{ from: [{ namespaceSelector: { matchExpressions } }] }],
    };
    const cilium = worldUnder("NetworkPolicy", [spec], { dialect: "cilium" });
    assert.deepEqual([asks(cilium, "8.8.8.8 -> b"), asks(cilium, "ya -> b")], [UNKNOWN, true]);
    assert.equal(asks(worldUnder("NetworkPolicy", [spec]), "8.8.8.8 -> b"), false);
  });

  it("is refused as a whole for peers of two kinds in one entry", () => {
    const policy = (entry: object) => ({
      apiVersion: "cilium.io/v2",
      kind: "CiliumNetworkPolicy",
      metadata: { name: "two", namespace: "x" },
      spec: { endpointSelector: {}, ingress: [{ fromEndpoints: [{}] }, entry] },
    });
    const two = readPolicies([policy({ fromEndpoints: [{}], fromEntities: ["world"] })]);
    assert.deepEqual(two.policies[0]?.parts, []);
    assert.match(
      two.problems.map(({ path, message }) => `${path}: ${message}`).join(),
      /^CiliumNetworkPolicy x\/two spec.ingress\[1\]: Cilium does not take fromEndpoints and fromEntities in one/,
    );
    assert.deepEqual(readPolicies([policy({ fromEndpoints: [{}], fromEntities: [] })]).problems, []);
  });

  it("is read differently by versions where ports stand beside an empty list of peers", () => {
    const [spec] = onB({ fromEndpoints: [], ...port("80") });
    const { policies, problems } = readPolicies([
      {
        apiVersion: "cilium.io/v2",
        kind: "CiliumNetworkPolicy",
        metadata: { name: "p", namespace: "x" },
        spec,
      },
    ]);
    assert.match(problems[0]?.message ?? "", /^fromEndpoints without a peer is everybody to some versions/);
    const world = { ...worldUnder("CiliumNetworkPolicy", []), policies };
    assert.deepEqual([asks(world, "a -> b"), asks(world, "a -> b TCP 81")], [UNKNOWN, false]);
  });

  it("leaves open what an address may be the name of", () => {
    const world = worldUnder("CiliumNetworkPolicy", fromB({ toFQDNs: [{ matchName: "example.com" }] }));
    assert.equal(asks(world, "b -> 8.8.8.8 TCP 80"), UNKNOWN);
    assert.equal(asks(world, "b -> a TCP 80"), false);
  });
});

describe("CiliumClusterwideNetworkPolicy", () => {
  const everywhere = (selector: object, entry: object) => [{ endpointSelector: selector, ingress: [entry] }];
  it("is for pods of every namespace, or of those that it names", () => {
    const kind = "CiliumClusterwideNetworkPolicy";
    expectReach(worldUnder(kind, everywhere({}, {})), ["8.8.8.8 -> host"], ["a -> b", "a -> ya"]);
    const inY = {
      matchExpressions: [{ key: "k8s:io.kubernetes.pod.namespace", operator: "In", values: ["y"] }],
    };
    expectReach(
      worldUnder(kind, everywhere(inY, { fromEndpoints: [{}] })),
      ["a -> b", "a -> ya"],
      ["8.8.8.8 -> ya"],
    );
  });
});
