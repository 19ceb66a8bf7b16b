import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatProblem } from "../../../model/problem.ts";
import { at } from "../../../model/tree.ts";
import { readCluster } from "../../../stacks/reachability/read-cluster.ts";

describe("readCluster()", function () {
  this.timeout(30_000);
  const folder = mkdtempSync(join(tmpdir(), "read-cluster-"));
  const former = process.env.KUBECONFIG;
  /** Paths that this user may not list. */
  let denied: readonly string[] = [];
  /** Pods by page: the key is what asks for the next one. */
  const pages: Readonly<Record<string, object>> = {
    "": { metadata: { continue: "a/b+c" }, items: [{ metadata: { name: "one" } }] },
    "a/b+c": { metadata: {}, items: [{ metadata: { name: "two" } }] },
  };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://x");
    const empty = { metadata: {}, items: null };
    const answers: Readonly<Record<string, object | undefined>> = {
      "/api/v1/namespaces": empty,
      "/api/v1/pods": pages[searchParams.get("continue") ?? ""],
      "/apis/networking.k8s.io/v1/networkpolicies": empty,
    };
    const answer = answers[pathname];
    const code = denied.includes(pathname) ? 403 : answer ? 200 : 404;
    response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(answer ?? {}));
  });
  before((done) => {
    server.listen(0, "127.0.0.1", () => {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const here = {
        name: "here",
        cluster: { server: url },
        user: {},
        context: { cluster: "here", user: "here" },
      };
      const config = { "current-context": "here", clusters: [here], users: [here], contexts: [here] };
      writeFileSync(join(folder, "kubeconfig"), JSON.stringify(config));
      process.env.KUBECONFIG = join(folder, "kubeconfig");
      done();
    });
  });
  after((done) => {
    if (former === undefined) delete process.env.KUBECONFIG;
    else process.env.KUBECONFIG = former;
    rmSync(folder, { recursive: true });
    server.closeAllConnections();
    server.close(done);
  });

  it("reads page by page, gives items their kind, and takes what is not served for none", async () => {
    const { found, problems, notes } = await readCluster(undefined);
    assert.deepEqual([problems, notes], [[], []]);
    assert.deepEqual(
      found.map(({ manifest }) => [
        at(manifest, "apiVersion"),
        at(manifest, "kind"),
        at(manifest, "metadata", "name"),
      ]),
      [
        ["v1", "Pod", "one"],
        ["v1", "Pod", "two"],
      ],
    );
  });

  it("does without what only helps, and not without what decides", async () => {
    denied = ["/api/v1/services", "/apis/cilium.io/v2/ciliumnetworkpolicies"];
    const { problems, notes } = await readCluster(undefined);
    assert.deepEqual(notes, ["services may not be read: passed over"]);
    assert.match(
      problems.map(formatProblem).join(),
      /^ciliumnetworkpolicies: http:\S+ does not let this user list them: give/,
    );
  });

  it("speaks of its own option where there is no such context", async () => {
    const { problems } = await readCluster("prod");
    assert.deepEqual(problems.map(formatProblem), [
      "--context: The kubeconfig has no context prod: use one of here",
    ]);
  });
});
