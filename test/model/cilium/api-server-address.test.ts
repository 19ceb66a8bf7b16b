import assert from "node:assert/strict";
import { apiServerAddressProblems } from "../../../model/cilium/api-server-address.ts";
import { wantedRelease } from "../../../model/cilium/release.ts";
import type { LiveCluster } from "../../../model/live.ts";
import { formatProblem } from "../../../model/problem.ts";
import { liveCluster } from "../../support/live.ts";
import { minimal, settingsOf } from "../../support/settings.ts";

const service = { serviceAddresses: ["10.96.0.1"] };
const at = (host: string) => ({ cluster: { ...minimal.cluster, apiServer: { host } } });
const own = (values: object) => ({ cilium: { values } });

function said(raw: object, live: Partial<LiveCluster> = service): string {
  const settings = settingsOf(raw);
  const cluster = liveCluster(live);
  const wanted = wantedRelease(settings, cluster);
  return apiServerAddressProblems(settings, cluster, wanted).map(formatProblem).join("\n");
}

describe("apiServerAddressProblems()", () => {
  const refused: [title: string, raw: object, live: Partial<LiveCluster>, path: string, what: string][] = [
    ["the kubernetes Service's address", at("10.96.0.1"), service, "cluster.apiServer.host", "10.96.0.1"],
    [
      "the kubernetes Service's address outside the declared range",
      at("172.20.0.1"),
      { serviceAddresses: ["172.20.0.1"] },
      "cluster.apiServer.host",
      "172.20.0.1",
    ],
    ["another Service's address", at("10.100.7.7"), service, "cluster.apiServer.host", "10.100.7.7"],
    [
      "the kubernetes Service's name",
      at("kubernetes.default.svc"),
      service,
      "cluster.apiServer.host",
      "kubernetes.default.svc",
    ],
    [
      "what a kubeconfig inside the cluster says",
      {},
      { ...service, apiServer: { host: "10.96.0.1", port: 443, from: "the kubeconfig" } },
      "cluster.apiServer",
      "10.96.0.1",
    ],
    [
      "a user's own value",
      own({ k8sServiceHost: "10.96.0.1" }),
      service,
      "cilium.values.k8sServiceHost",
      "10.96.0.1",
    ],
    ["no address at all", own({ k8sServiceHost: "" }), service, "cilium.values.k8sServiceHost", '""'],
  ];
  for (const [title, raw, live, path, what] of refused) {
    it(`refuses ${title}, and says why`, () => {
      const text = said(raw, live);
      assert.ok(text.startsWith(`${path}: ${what} `), text);
      assert.match(text, /nobody serves without kube-proxy while an agent starts/);
    });
  }

  const fine: [title: string, raw: object, live?: Partial<LiveCluster>][] = [
    ["a node's address", at("10.0.0.10")],
    ["a name", at("api.example.com")],
    [
      "an address in a declared range that is not the cluster's",
      at("10.100.7.7"),
      { serviceAddresses: ["172.20.0.1"] },
    ],
    [
      "an address named by reference",
      own({ k8sServiceHost: "", k8sServiceHostRef: { name: "api", key: "host" } }),
    ],
    [
      "a Service's address where kube-proxy serves it",
      { ...at("10.96.0.1"), ...own({ kubeProxyReplacement: false }) },
    ],
  ];
  for (const [title, raw, live] of fine) {
    it(`takes ${title}`, () => assert.equal(said(raw, live), ""));
  }
});
