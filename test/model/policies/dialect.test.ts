import assert from "node:assert/strict";
import { complaints, minimal } from "../../support/settings.ts";

const flow = "namespaces[0].flows[0]";
const complaintsOf = (over: object, ...flows: unknown[]): string[] =>
  complaints({
    ...minimal,
    ...over,
    namespaces: [
      {
        name: "shop",
        workloads: [{ name: "web", ports: { http: 8080, sig: { port: 2905, protocol: "SCTP" } } }],
        flows,
      },
    ],
  });
const calico = { datapath: "calico" };
const values = (cilium: object) => ({ cilium: { values: cilium } });
const http = { from: "web", to: "web", port: "http", http: [{ method: "GET" }] };

describe("what the datapath cannot enforce", () => {
  const refused: [title: string, over: object, flow: unknown, complaint: string][] = [
    [
      "a name without Cilium",
      calico,
      "web -> api.stripe.com:443",
      `${flow}.to: api.stripe.com is a name, and of policies only Cilium's know names: write its addresses as a range, such as 203.0.113.0/24, or use datapath: cilium`,
    ],
    [
      "requests without Cilium",
      calico,
      http,
      `${flow}.http: Only Cilium's policies know requests: leave http out, or use datapath: cilium`,
    ],
    [
      "a name without the proxy",
      values({ l7Proxy: false }),
      "web -> api.stripe.com:443",
      `${flow}.to: shop/web → api.stripe.com TCP 443 needs Cilium's proxy, which reads the answers of DNS: leave out cilium.values.l7Proxy: false`,
    ],
    [
      "requests without the proxy",
      values({ l7Proxy: false }),
      http,
      `${flow}.http: shop/web → shop/web TCP 8080 needs Cilium's proxy, which reads requests: leave out cilium.values.l7Proxy: false`,
    ],
    [
      "SCTP where Cilium drops it",
      {},
      "web -> web:sig",
      `${flow}.port: shop/web → shop/web SCTP 2905 is SCTP, which Cilium drops unless it is turned on: set cilium.values.sctp.enabled: true`,
    ],
    [
      "a range of ports in a chart that knows none",
      { cilium: { version: "1.15.19" } },
      "web -> 203.0.113.0/24:8000-8100",
      `${flow}.port: Cilium 1.15.19 knows no ranges of ports and would take 8000-8100 for 8000: list the ports one by one, or use a chart from 1.16 on`,
    ],
    [
      "nodes whose addresses nobody knows",
      calico,
      "nodes -> web:http",
      `${flow}.from: Where Cilium does not enforce, nodes are addresses, which are not known: set cluster.nodeCidr; probes of a pod's own node need no flow`,
    ],
    [
      "nodes by their addresses, which are not for Cilium",
      { cluster: { ...minimal.cluster, nodeCidr: "192.168.0.0/24" } },
      "web -> 192.168.0.0/28:9100",
      `${flow}.to: shop/web → 192.168.0.0/28 TCP 9100 are addresses of nodes (cluster.nodeCidr 192.168.0.0/24), which no range is for Cilium: write nodes, or set cilium.values.policyCIDRMatchMode: [nodes]`,
    ],
  ];
  for (const [title, over, given, complaint] of refused) {
    it(`is ${title}`, () => assert.deepEqual(complaintsOf(over, given), [complaint]));
  }

  const taken: [title: string, over: object, flow: unknown][] = [
    ["SCTP that is turned on", values({ sctp: { enabled: true } }), "web -> web:sig"],
    ["SCTP without Cilium", calico, "web -> web:sig"],
    ["a range of ports from 1.16 on", {}, "web -> 203.0.113.0/24:8000-8100"],
    ["names and requests", {}, http],
    ["nodes where Cilium enforces", {}, "nodes -> web:http"],
    [
      "nodes by their addresses, where Cilium is told so",
      {
        cluster: { ...minimal.cluster, nodeCidr: "192.168.0.0/24" },
        ...values({ policyCIDRMatchMode: ["nodes"] }),
      },
      "web -> 192.168.0.0/28:9100",
    ],
  ];
  for (const [title, over, given] of taken) {
    it(`is not ${title}`, () => assert.deepEqual(complaintsOf(over, given), []));
  }

  it("is a dialect or a baseline of Cilium's without Cilium", () => {
    const policies = { dialect: "cilium", baseline: "cluster-wide" };
    assert.deepEqual(complaintsOf({ ...calico, policies }), [
      "policies.dialect: Only Cilium knows policies of its own dialect: leave it out, or set datapath: cilium",
      "policies.baseline: Only Cilium knows policies for the whole cluster: leave it out, or set datapath: cilium",
    ]);
    // Somebody else's Cilium will do.
    assert.deepEqual(complaintsOf({ cilium: { enabled: false }, policies }), []);
    assert.equal(
      complaintsOf({ cilium: { enabled: false }, policies: { baseline: "cluster-wide" } }).length,
      1,
    );
  });
});
