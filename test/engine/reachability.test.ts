import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ownLabels } from "../../model/live.ts";
import { formatProblem } from "../../model/problem.ts";
import { accessOf, kubeconfig } from "../../sandbox/control-plane/credentials.ts";
import { readArguments } from "../../stacks/reachability/arguments.ts";
import { run } from "../../stacks/reachability/run.ts";
import { apiOf } from "../support/control-plane.ts";
import { useSandbox } from "../support/sandbox.ts";

const rights = { apiVersion: "rbac.authorization.k8s.io/v1" };
const reader = "reachability-reader";

describe("reachability in a cluster", function () {
  this.timeout("1 minute");
  const sandbox = useSandbox({ count: 1 });

  /** What the command prints for a user, and how it ends. */
  async function command(user: string, ...args: string[]): Promise<{ text: string; code: number }> {
    process.env.KUBECONFIG = join(sandbox().folder, user);
    const read = readArguments(args);
    assert.ok("asked" in read, JSON.stringify(read));
    const found = await run(read.asked, sandbox().folder);
    return "problems" in found ? { text: found.problems.map(formatProblem).join("\n"), code: 2 } : found;
  }

  before(async () => {
    const { client, cluster, folder } = sandbox();
    await client.core.createNamespace({ body: { metadata: { name: "shop" } } });
    const workload = (name: string, port: number) => {
      const labels = { app: name };
      const containers = [{ name, image: "none", ports: [{ name: "main", containerPort: port }] }];
      const template = { metadata: { labels }, spec: { containers } };
      const body = { metadata: { name }, spec: { replicas: 2, selector: { matchLabels: labels }, template } };
      return client.apps.createNamespacedDeployment({ namespace: "shop", body });
    };
    const api = apiOf(cluster);
    // As it is: the client library knows `from` by another name, and would leave it out.
    const policy = (name: string, spec: object) => {
      const labels = ownLabels("cluster-network.dev");
      const metadata = { name, namespace: "shop", labels };
      const object = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec };
      return api.send("POST", "/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies", object);
    };
    const podsOf = (app: string) => ({ podSelector: { matchLabels: { app } } });
    await Promise.all([
      workload("web", 8080),
      workload("db", 5432),
      policy("default-deny-all", { podSelector: {}, policyTypes: ["Ingress", "Egress"] }),
      policy("web", {
        ...podsOf("web"),
        policyTypes: ["Egress"],
        egress: [{ to: [podsOf("db")], ports: [{ port: "main" }] }],
      }),
      policy("db", { ...podsOf("db"), ingress: [{ from: [podsOf("web")], ports: [{ port: 5432 }] }] }),
    ]);
    const { server, authority } = accessOf(readFileSync(cluster.kubeconfig, "utf8"));
    const role = {
      ...rights,
      kind: "ClusterRole",
      metadata: { name: reader },
      rules: [
        { apiGroups: ["", "apps", "batch", "networking.k8s.io"], resources: ["*"], verbs: ["get", "list"] },
      ],
    };
    const binding = {
      ...rights,
      kind: "ClusterRoleBinding",
      metadata: { name: reader },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: reader },
      subjects: [{ kind: "ServiceAccount", namespace: "shop", name: reader }],
    };
    await Promise.all([api.create(role, "test"), api.create(binding, "test")]);
    for (const name of [reader, "nobody"]) {
      await client.core.createNamespacedServiceAccount({ namespace: "shop", body: { metadata: { name } } });
      const body = { spec: { audiences: [] } };
      const { status } = await client.core.createNamespacedServiceAccountToken({
        namespace: "shop",
        name,
        body,
      });
      writeFileSync(join(folder, name), kubeconfig("here", server, status?.token ?? "", { pem: authority }));
    }
    api.close();
  });

  it("groups the pods by their owners, and lists what passes, with the rights to read alone", async () => {
    const { text, code } = await command(reader, "--from-cluster");
    assert.equal(code, 0, text);
    assert.match(text, /^ {2}shop +isolated +isolated$/m);
    assert.match(text, /^ {2}shop\/web\n {4}→ shop\/db: TCP 5432\n/m);
    assert.match(text, /^ {2}kube-system +OPEN +OPEN/m);
  });

  it("answers by a pod's own name and address, and says what to add", async () => {
    const { items } = await sandbox().client.core.listNamespacedPod({
      namespace: "shop",
      labelSelector: "app=web",
    });
    const [pod] = items;
    const question = ["--from", `shop/${pod?.metadata?.name ?? ""}`, "--to", "db", "--port"];
    assert.equal((await command(reader, "--from-cluster", ...question, "main")).code, 0);
    const denied = await command(reader, "--from-cluster", ...question, "5433");
    assert.equal(denied.code, 1);
    assert.match(denied.text, /Let shop\/web send to shop\/db on TCP 5433/);
  });

  it("says what a change would open, and what an up of a stack would close", async () => {
    const change = {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "db", namespace: "shop" },
      spec: { podSelector: {}, ingress: [{ ports: [{ port: 5432 }] }] },
    };
    writeFileSync(join(sandbox().folder, "change.json"), JSON.stringify(change));
    const { text, code } = await command(
      reader,
      "--from-cluster",
      "--after",
      "change.json",
      "--fail-on",
      "opens",
    );
    assert.equal(code, 1);
    assert.match(text, /^OPENS\n(.*\n)*? {4}→ shop\/\*: TCP 5432$/m);
    const stack = await command(
      reader,
      "--from-cluster",
      "--after",
      `stack:${join(process.cwd(), "Pulumi.dev.yaml")}`,
    );
    assert.match(stack.text, /CLOSES\n {2}shop\/web\n {4}→ shop\/db: TCP 5432\n/);
  });

  it("says which right is missing, and names no context that is not there", async () => {
    const { text, code } = await command("nobody", "--from-cluster");
    assert.equal(code, 2);
    assert.match(text, /^pods: https:\S+ does not let this user list them: give it a ClusterRole/m);
    assert.match(
      (await command(reader, "--from-cluster", "--context", "prod")).text,
      /^--context: The kubeconfig has no context prod: use one of here$/,
    );
  });
});
