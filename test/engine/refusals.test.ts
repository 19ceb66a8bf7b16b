import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { V1Node } from "@kubernetes/client-node";
import type { Values } from "../../model/cilium/merge-values.ts";
import { mergeValues } from "../../model/cilium/merge-values.ts";
import { fillPool } from "../../sandbox/control-plane/options.ts";
import { nodeObjects } from "../../sandbox/control-plane/nodes.ts";
import { corefileObject, policyNames } from "../support/cluster-facts.ts";
import { expectRun } from "../support/runs.ts";
import { useSandbox } from "../support/sandbox.ts";

describe("bad input", function () {
  this.timeout("2 minutes");
  const sandbox = useSandbox();
  let before: unknown;
  before_(async () => {
    await sandbox().engine.createStack("dev", sandbox().here);
    before = await everything();
  });

  const namespace = { name: "shop", create: true };
  const cases: [title: string, over: Values, said: string | RegExp][] = [
    ["an unknown key", { namespacs: [] }, "namespacs: Unknown key namespacs: did you mean namespaces?"],
    ["a wrong type", { cluster: { nodes: "many" } }, 'cluster.nodes: "many" is not a number: use 1 to 5000'],
    ["a value out of range", { cluster: { nodes: 0 } }, "cluster.nodes: 0 is out of range: use 1 to 5000"],
    [
      "overlapping ranges",
      { cluster: { nodeCidr: "10.244.7.0/24" } },
      "cluster.nodeCidr: 10.244.7.0/24 overlaps cluster.podCidr 10.244.0.0/16",
    ],
    [
      "two namespaces of the same name",
      { namespaces: [namespace, namespace] },
      "namespaces[1].name: A namespace shop stands at namespaces[0] already",
    ],
    [
      "a key that no chart has",
      { cilium: { values: { bpf: { conntrack: { enabled: true } } } } },
      "cilium.values.bpf.conntrack: No version of the chart has bpf.conntrack",
    ],
    [
      "a namespace that does not exist",
      { namespaces: [{ name: "nowhere" }] },
      "namespaces[0]: Namespace nowhere does not exist",
    ],
    [
      "to create a namespace that exists",
      { namespaces: [{ name: "default", create: true }] },
      "namespaces[0].create: Namespace default exists already",
    ],
    [
      "an API server that other nodes cannot reach",
      { cluster: { apiServer: "auto" } },
      /cluster\.apiServer: auto found 127\.0\.0\.1:\d+ \(kube-public\/cluster-info\), which other nodes cannot reach/,
    ],
    [
      "a context that the kubeconfig lacks",
      { cluster: { context: "prod" } },
      /cluster\.context: The kubeconfig has no context prod: set cluster\.context to one of sandbox-test/,
    ],
    [
      "a chart that is not there",
      { cilium: { chart: { path: "./charts/cilium" } } },
      "cilium.chart.path: No chart at ./charts/cilium (there is no Chart.yaml)",
    ],
    ["a chart of another version", { cilium: { version: "1.19.0" } }, "cilium.version: The chart at "],
  ];
  for (const [title, over, said] of cases) {
    it(`${title} is refused, and nothing is created`, async () => {
      sandbox().engine.configure("dev", mergeValues(sandbox().here, over));
      const run = await sandbox().engine.up("dev");
      expectRun(run).failsSaying("nothing was deployed", said);
      assert.doesNotMatch(run.output, /\n\s+at .+:\d+:\d+/, "a stack trace");
      assert.deepEqual(await everything(), before);
    });
  }

  it("a node whose kernel is too old is refused by its name, and nothing is created", async () => {
    const { client, engine, here } = sandbox();
    const [node] = nodeObjects([fillPool({ count: 1, name: "veteran", kernelVersion: "4.14.336" })]);
    const body = JSON.parse(JSON.stringify(node)) as V1Node;
    // So long that the API server packs its answer.
    body.metadata = { ...body.metadata, annotations: { long: randomBytes(120_000).toString("base64") } };
    await client.core.createNode({ body });
    try {
      engine.configure("dev", here);
      const run = await engine.up("dev");
      expectRun(run).failsSaying(
        "nothing was deployed",
        "cilium.version: Cilium 1.20.2 needs kernel 5.10, and veteran-1 (4.14.336) is older",
      );
      assert.deepEqual(await everything(), before);
    } finally {
      await client.core.deleteNode({ name: "veteran-1" });
    }
  });

  it("a secret setting is refused without being shown", async () => {
    const { engine, here } = sandbox();
    engine.configure("dev", here);
    const args = ["--stack", "dev", "--config-file", engine.stackFile("dev")];
    expectRun(
      await engine.run([
        "config",
        "set",
        "--secret",
        "--path",
        "cluster-network:dns.policy",
        "hunter2",
        ...args,
      ]),
    ).succeeds();
    const run = await engine.preview("dev");
    expectRun(run).failsSaying("cluster-network:dns: Is a secret, and no setting of this program is one");
    assert.doesNotMatch(run.output, /hunter2/);
  });

  const kubeconfigs: [title: string, text: string | undefined, said: string | RegExp][] = [
    ["no kubeconfig", undefined, /KUBECONFIG: No kubeconfig at .*: set KUBECONFIG/],
    ["a kubeconfig that cannot be read", "clusters: [", /KUBECONFIG: .* cannot be read/],
    [
      "no current context",
      "apiVersion: v1\nkind: Config\n",
      "KUBECONFIG: The kubeconfig has no current context",
    ],
    [
      "a cluster that does not answer",
      // Nobody listens on port 2, and it is none that fetch refuses by itself.
      kubeconfigOf("https://127.0.0.1:2"),
      /KUBECONFIG: The cluster at https:\/\/127\.0\.0\.1:2 does not answer \(.*ECONNREFUSED.*\): check that it runs/,
    ],
  ];
  for (const [title, text, said] of kubeconfigs) {
    it(`${title} is said, and what to do`, async () => {
      const { folder, newEngine, here } = sandbox();
      const kubeconfig = join(folder, `kubeconfig-of-${title.replaceAll(" ", "-")}`);
      if (text !== undefined) writeFileSync(kubeconfig, text);
      const engine = newEngine({ kubeconfig });
      await engine.createStack("dev", here);
      expectRun(await engine.preview("dev")).failsSaying("nothing was deployed", said);
    });
  }

  it("a user without rights is told so", async () => {
    const { cluster, folder, newEngine, here } = sandbox();
    const kubeconfig = join(folder, "stranger");
    writeFileSync(kubeconfig, readFileSync(cluster.kubeconfig, "utf8").replace(/token: .*/, "token: wrong"));
    const engine = newEngine({ kubeconfig });
    await engine.createStack("dev", here);
    expectRun(await engine.preview("dev")).failsSaying(/KUBECONFIG: https:\S+ refuses this user \(401 for /);
  });

  async function everything() {
    const { items } = await sandbox().client.core.listNamespace();
    const configMaps = await sandbox().client.core.listNamespacedConfigMap({ namespace: "kube-system" });
    const secrets = await sandbox().client.core.listNamespacedSecret({ namespace: "kube-system" });
    const daemonSets = await sandbox().client.apps.listNamespacedDaemonSet({ namespace: "kube-system" });
    return {
      corefile: await corefileObject(sandbox()),
      policies: await policyNames(sandbox()),
      namespaces: items.map(({ metadata }) => metadata?.name),
      configMaps: configMaps.items.map(({ metadata }) => metadata?.name),
      secrets: secrets.items.map(({ metadata }) => metadata?.name),
      daemonSets: daemonSets.items.map(({ metadata }) => metadata?.name),
    };
  }
});

/** Mocha's `before`, under a name that does not shadow what the tests compare with. */
function before_(body: () => Promise<void>): void {
  before(body);
}

function kubeconfigOf(server: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "x",
    clusters: [{ name: "x", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "x", user: { token: "x" } }],
    contexts: [{ name: "x", context: { cluster: "x", user: "x" } }],
  });
}
