import assert from "node:assert/strict";
import { resolveFlows } from "../../../model/policies/flows.ts";
import { complaints, minimal, settingsOf } from "../../support/settings.ts";

const shop = {
  name: "shop",
  workloads: [
    { name: "api-gateway", ports: { http: 8080, metrics: 9090 } },
    { name: "api-backend", ports: { http: 8080 } },
    { name: "dns", ports: { dns: { port: 53, protocol: "UDP" }, "dns-tcp": 53 } },
    { name: "postgres", ports: { postgres: 5432 } },
    { name: "worker" },
  ],
};
const lab = { name: "lab", workloads: [{ name: "agent", ports: { main: 9999 } }] };

/** Flows in words, as the settings' own resolve to. */
const texts = (flows: unknown[], over: object = {}): string[] =>
  resolveFlows(settingsOf({ ...over, namespaces: [{ ...shop, flows }, lab] })).flows.map(({ text }) => text);
const complaintsOf = (flow: unknown, over: object = {}): string[] =>
  complaints({ ...minimal, ...over, namespaces: [{ ...shop, flows: [flow] }, lab] });

describe("resolveFlows()", () => {
  const resolved: [flow: unknown, ...texts: string[]][] = [
    ["api-gateway -> api-backend:http", "shop/api-gateway → shop/api-backend TCP 8080"],
    ["api-gateway→api-backend:8080", "shop/api-gateway → shop/api-backend TCP 8080"],
    [
      "worker -> api-gateway",
      "shop/worker → shop/api-gateway TCP 8080",
      "shop/worker → shop/api-gateway TCP 9090",
    ],
    [
      "worker -> api-gateway:http, metrics",
      "shop/worker → shop/api-gateway TCP 8080",
      "shop/worker → shop/api-gateway TCP 9090",
    ],
    ["worker -> dns:53", "shop/worker → shop/dns UDP 53", "shop/worker → shop/dns TCP 53"],
    ["worker -> dns:53/udp", "shop/worker → shop/dns UDP 53"],
    [{ from: "worker", to: "dns", port: 53, protocol: "TCP" }, "shop/worker → shop/dns TCP 53"],
    ["worker -> postgres:5000-6000", "shop/worker → shop/postgres TCP 5000-6000"],
    ["worker -> postgres:any", "shop/worker → shop/postgres every port"],
    ["postgres -> postgres:postgres", "shop/postgres → shop/postgres TCP 5432"],
    ["lab/agent -> postgres:postgres", "lab/agent → shop/postgres TCP 5432"],
    ["payments/* -> postgres:postgres", "payments/* → shop/postgres TCP 5432"],
    ["* -> postgres:postgres", "every pod of the cluster → shop/postgres TCP 5432"],
    ["worker -> lab/*:9999", "shop/worker → lab/* TCP 9999"],
    ["worker -> api.stripe.com:443", "shop/worker → api.stripe.com TCP 443"],
    ["worker -> *.Example.com.:443", "shop/worker → *.example.com TCP 443"],
    ["worker -> 203.0.113.0/24:443", "shop/worker → 203.0.113.0/24 TCP 443"],
    ["worker -> 203.0.113.7:443", "shop/worker → 203.0.113.7/32 TCP 443"],
    ["worker -> 2001:db8::/32:443", "shop/worker → 2001:db8::/32 TCP 443"],
    [
      { from: "worker", to: { cidr: "203.0.113.0/24", except: ["203.0.113.8/29"] }, port: 443 },
      "shop/worker → 203.0.113.0/24 without 203.0.113.8/29 TCP 443",
    ],
    [
      { from: "worker", to: { namespace: "payments", labels: { app: "ledger" } }, port: 9000 },
      "shop/worker → payments/{app=ledger} TCP 9000",
    ],
    [
      { from: "worker", to: { labels: { "app.kubernetes.io/name": "postgres" } }, port: "postgres" },
      "shop/worker → shop/postgres TCP 5432",
    ],
    ["worker -> api-server", "shop/worker → api-server TCP 6443"],
    ["nodes -> postgres:postgres", "nodes → shop/postgres TCP 5432"],
    [
      "worker -> internet:443",
      "shop/worker → internet (IPv4) TCP 443",
      "shop/worker → internet (IPv6) TCP 443",
    ],
    [
      "monitoring -> api-gateway:metrics",
      "monitoring/{app.kubernetes.io/name=prometheus} → shop/api-gateway TCP 9090",
    ],
    [
      "ingress-controller -> api-gateway:http",
      "ingress-nginx/{app.kubernetes.io/name=ingress-nginx} → shop/api-gateway TCP 8080",
    ],
  ];
  for (const [flow, ...expected] of resolved) {
    it(`takes ${JSON.stringify(flow)}`, () => assert.deepEqual(texts([flow]), expected));
  }

  it("knows whom keywords stand for from the settings", () => {
    const monitoring = { namespace: "lab", labels: { "app.kubernetes.io/name": "agent" } };
    assert.deepEqual(texts(["monitoring -> api-gateway:metrics"], { policies: { monitoring } }), [
      "lab/agent → shop/api-gateway TCP 9090",
    ]);
    const cilium = { ingressController: { enabled: true } };
    assert.deepEqual(texts(["ingress-controller -> api-gateway:http"], { cilium }), [
      "ingress-controller → shop/api-gateway TCP 8080",
    ]);
  });

  it("takes what is declared twice for one flow", () => {
    const flow = "api-gateway -> api-backend:http";
    assert.equal(texts([flow, { from: "api-gateway", to: "shop/api-backend", port: 8080 }]).length, 1);
  });

  it("has the ports of the API server that are known of the cluster", () => {
    const settings = settingsOf({ namespaces: [{ ...shop, flows: ["worker -> api-server"] }] });
    const { flows } = resolveFlows(settings, {
      apiServer: { addresses: [], ports: [443, 6443] },
      nodeLocalDns: [],
    });
    assert.deepEqual(
      flows.map(({ port }) => port?.port),
      [443, 6443],
    );
  });

  const at = "namespaces[0].flows[0]";
  const refused: [title: string, flow: unknown, complaint: string][] = [
    [
      "an unknown workload",
      "api-gatway -> postgres:postgres",
      `${at}.from: No workload shop/api-gatway is declared: did you mean shop/api-gateway?`,
    ],
    [
      "a misspelt keyword",
      "worker -> api-sever",
      `${at}.to: No workload shop/api-sever is declared: did you mean api-server?`,
    ],
    [
      "a workload of a namespace that is not declared",
      "worker -> payments/ledger:9000",
      `${at}.to: No workload payments/ledger is declared: write { namespace: payments, labels: … } for pods that no workload declares, or payments/* for all of them`,
    ],
    [
      "an unknown port name",
      { from: "api-backend", to: "postgres", port: "postgre" },
      `${at}.port: shop/postgres has no port postgre: did you mean postgres?`,
    ],
    [
      "a port number that is not declared",
      { from: "api-backend", to: "postgres", port: 5433 },
      `${at}.port: shop/postgres has no port 5433: use one of postgres`,
    ],
    [
      "a port's name where nobody declares any",
      "worker -> 203.0.113.0/24:https",
      `${at}.port: 203.0.113.0/24 has no named ports, so not https: write the port's number`,
    ],
    [
      "no port where nobody declares any",
      "worker -> internet",
      `${at}.port: internet declares no ports, and the flow names none: write the port's number, or port: any for every port`,
    ],
    [
      "a range the wrong way round",
      "worker -> 203.0.113.0/24:90-80",
      `${at}.port: 90-80 is no port: use 1 to 65535, the smaller number of a range first`,
    ],
    [
      "an unknown protocol",
      "worker -> 203.0.113.0/24:53/ICMP",
      `${at}.port: 53/ICMP is no port: write it with TCP, UDP or SCTP, such as 53/UDP`,
    ],
    [
      "two protocols",
      { from: "worker", to: "203.0.113.0/24", port: "53/UDP", protocol: "TCP" },
      `${at}.port: 53/UDP is not of protocol TCP: say the protocol once`,
    ],
    [
      "a protocol that the named port is not of",
      { from: "worker", to: "postgres", port: "postgres", protocol: "UDP" },
      `${at}.port: Port postgres of shop/postgres is TCP, not UDP: leave the protocol out: the workload declares it`,
    ],
    [
      "a text that is no flow",
      "worker => postgres",
      `${at}: "worker => postgres" is no flow: write "from -> to:port", such as "api-gateway -> api-backend:http"`,
    ],
    [
      "a name as the one who connects",
      "api.stripe.com -> worker:any",
      `${at}.from: api.stripe.com is a name, and a connection comes from an address: write its addresses as a range`,
    ],
    [
      "a name within the cluster",
      "worker -> postgres.shop.svc.cluster.local:5432",
      `${at}.to: postgres.shop.svc.cluster.local is a name within the cluster, whose Services no policy sees: name the workload behind it, as namespace/name`,
    ],
    [
      "a Service's short name",
      "worker -> agent.lab:9999",
      `${at}.to: agent.lab is a name within the cluster, whose Services no policy sees: write lab/agent`,
    ],
    [
      "every name there is",
      "worker -> *.*:443",
      `${at}.to: *.* is every name there is: name the domain, such as *.example.com, or write internet`,
    ],
    [
      "a flow that is nobody's here",
      "nodes -> api-server",
      `${at}: Neither nodes nor api-server are pods of a declared namespace: declare the namespace of one of them, or leave the flow out`,
    ],
    [
      "pods of a declared namespace that no workload declares",
      { from: "worker", to: { namespace: "lab", labels: { app: "x" } }, port: 80 },
      `${at}.to: No workload of lab has the labels app=x, and its pods are isolated: declare it under the workloads of lab, so that its side is written, too`,
    ],
    [
      "an object that names nobody",
      { from: "worker", to: { namespace: "lab" }, port: 80 },
      `${at}.to: It names no pods: write labels that select them, or "lab/*" for every pod of the namespace`,
    ],
    [
      "pods and addresses in one",
      { from: "worker", to: { cidr: "203.0.113.0/24", labels: { app: "x" } }, port: 80 },
      `${at}.to: cidr stands beside namespace or labels: keep cidr for addresses outside of the cluster, namespace and labels for pods`,
    ],
    [
      "requests by UDP",
      { from: "worker", to: "dns", port: "dns", http: [{ method: "GET" }] },
      `${at}.http: http needs ports of TCP one by one, not UDP 53: name the port that serves HTTP`,
    ],
  ];
  for (const [title, flow, complaint] of refused) {
    it(`refuses ${title}`, () => assert.deepEqual(complaintsOf(flow), [complaint]));
  }

  it("refuses a keyword that is a workload's name, too", () => {
    const monitored = { ...shop, workloads: [...shop.workloads, { name: "monitoring" }] };
    const flows = ["monitoring -> api-gateway:metrics"];
    assert.deepEqual(complaints({ ...minimal, namespaces: [{ ...monitored, flows }] }), [
      `${at}.from: monitoring may be the workload of that name or the monitoring: write shop/monitoring for the workload, or rename it`,
    ]);
    assert.deepEqual(
      complaints({ ...minimal, namespaces: [{ ...monitored, flows: [`shop/${flows[0]}`] }] }),
      [],
    );
  });

  it("refuses requests that another flow does not limit", () => {
    const limited = { from: "worker", to: "api-backend", port: "http", http: [{ method: "GET" }] };
    const namespaces = [{ ...shop, flows: [limited, "worker -> api-backend:http"] }];
    assert.deepEqual(complaints({ ...minimal, namespaces }), [
      `${at}.http: namespaces[0].flows[1] lets every request of shop/worker → shop/api-backend TCP 8080 pass: leave out one of the two flows`,
    ]);
  });
});
