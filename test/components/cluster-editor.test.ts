import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { connect } from "../../components/cluster-connection.ts";
import { ClusterError } from "../../components/cluster-error.ts";
import { expectCluster, openEditor } from "../../components/cluster-editor.ts";
import { issue } from "../../components/hubble-certificates/authority.ts";
import { removeScratch, scratch, shellScript } from "../support/processes.ts";

const maps = "/api/v1/namespaces/kube-system/configmaps";

/** What an API server is asked, and what it is to answer. */
interface Asked {
  readonly method: string;
  readonly url: string;
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
  readonly body: unknown;
}
type Answer = readonly [status: number, body: object];

describe("openEditor()", () => {
  const former = process.env.KUBECONFIG;
  let server: Server, address: string, authority: string;
  let asked: Asked[] = [];
  let answer: Answer;

  before(async () => {
    const leaf = {
      name: "api",
      usage: "server",
      commonName: "api",
      dnsNames: [],
      ipAddresses: ["127.0.0.1"],
      takers: [],
    } as const;
    const issued = await issue([leaf], undefined, Date.now());
    authority = Buffer.from(issued.authority.cert).toString("base64");
    server = createServer(
      { cert: issued.leaves.api?.cert, key: issued.leaves.api?.key },
      (request, response) => void reply(request, response),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    asked = [];
    answer = [200, {}];
    kubeconfig({ token: "plain" });
  });
  after(() => {
    process.env.KUBECONFIG = former;
    if (former === undefined) delete process.env.KUBECONFIG;
    server.closeAllConnections();
    server.close();
    removeScratch();
  });

  it("writes in the ways of the API, under one name", async () => {
    const cluster = await openEditor();
    await cluster.create(maps, { data: { a: "1" } });
    await cluster.replace(`${maps}/a`, { data: { a: "2" } });
    await cluster.merge(`${maps}/a`, { data: { a: null } });
    await cluster.apply(`${maps}/a`, { data: {} }, { force: false });
    await cluster.remove(`${maps}/a`);
    const manager = "fieldManager=cluster-network";
    assert.deepEqual(
      asked.map(({ method, url, contentType, body }) => [method, url.slice(maps.length), contentType, body]),
      [
        ["POST", `?${manager}`, "application/json", { data: { a: "1" } }],
        ["PUT", `/a?${manager}`, "application/json", { data: { a: "2" } }],
        ["PATCH", `/a?${manager}`, "application/merge-patch+json", { data: { a: null } }],
        ["PATCH", `/a?${manager}&force=false`, "application/apply-patch+yaml", { data: {} }],
        ["DELETE", "/a?propagationPolicy=Background", undefined, undefined],
      ],
    );
  });

  it("selects by labels", async () => {
    answer = [200, { items: [{ spec: { nodeName: "one" } }] }];
    const found = await (await openEditor()).select("/api/v1/namespaces/a/pods", "k8s-app=cilium,b=c");
    assert.deepEqual(found, [{ spec: { nodeName: "one" } }]);
    assert.equal(asked[0]?.url, "/api/v1/namespaces/a/pods?labelSelector=k8s-app%3Dcilium%2Cb%3Dc");
  });

  it("goes on where what is to be changed or removed is not there, and only there", async () => {
    answer = [404, {}];
    const cluster = await openEditor();
    await cluster.merge(`${maps}/a`, {});
    await cluster.remove(`${maps}/a`);
    assert.equal(await cluster.get(`${maps}/a`), undefined);
    await assert.rejects(cluster.replace(`${maps}/a`, {}), { status: 404 });
    await assert.rejects(cluster.create(maps, {}), { status: 404 });
    await assert.rejects(cluster.select(maps, "a=b"), { status: 404 });
  });

  it("passes on what the API server says", async () => {
    answer = [409, { kind: "Status", message: "the object has been modified" }];
    await assert.rejects((await openEditor()).replace(`${maps}/a`, {}), (error: unknown) => {
      assert.ok(error instanceof ClusterError);
      assert.equal(
        error.problem.message,
        `${address} answers 409 for ${maps}/a: the object has been modified`,
      );
      assert.match(error.problem.remedy, /run again/);
      return true;
    });
    answer = [403, { kind: "Status", message: "no" }];
    await assert.rejects((await openEditor()).create(maps, {}), /refuses this user \(403 for \/api/);
  });

  it("gets its credentials from a plugin where the kubeconfig names one", async () => {
    const credential = {
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      status: { token: "from-the-plugin" },
    };
    const command = shellScript(join(scratch(), "plugin"), `echo '${JSON.stringify(credential)}'`);
    kubeconfig({
      exec: { apiVersion: credential.apiVersion, command, interactiveMode: "Never" },
    });
    await (await openEditor()).create(maps, { data: {} });
    assert.deepEqual(
      asked.map(({ method, authorization, body }) => [method, authorization, body]),
      [["POST", "Bearer from-the-plugin", { data: {} }]],
    );
  });

  it("lets a deletion have a body, and the connection be used again", async () => {
    const cluster = await connect();
    const preconditions = { uid: "u-1" };
    for (const name of ["a", "b"]) {
      await cluster.ask(`${maps}/${name}`, { method: "DELETE", body: { preconditions } });
    }
    assert.deepEqual(
      asked.map(({ method, body }) => [method, body]),
      [
        ["DELETE", { preconditions }],
        ["DELETE", { preconditions }],
      ],
    );
  });

  it("knows the stack's own cluster", async () => {
    answer = [200, { metadata: { uid: "u-1" } }];
    const cluster = await openEditor();
    await expectCluster(cluster, "u-1");
    await assert.rejects(expectCluster(cluster, "u-2"), /is not the cluster that this stack was deployed to/);
  });

  async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "", headers } = request;
    const isEmpty = !("content-length" in headers || "transfer-encoding" in headers);
    const body = isEmpty ? undefined : await json(request);
    const { "content-type": contentType, authorization } = headers;
    asked.push({ method, url, contentType, authorization, body });
    response.writeHead(answer[0]).end(JSON.stringify(answer[1]));
  }

  function kubeconfig(user: object): void {
    const file = join(scratch(), "config");
    const one = {
      "current-context": "it",
      contexts: [{ name: "it", context: { cluster: "it", user: "it" } }],
      clusters: [{ name: "it", cluster: { server: address, "certificate-authority-data": authority } }],
      users: [{ name: "it", user }],
    };
    writeFileSync(file, JSON.stringify(one));
    process.env.KUBECONFIG = file;
  }
});
