import assert from "node:assert/strict";
import { letCalicoLeave } from "../../components/calico-leave.ts";
import type { ClusterEditor } from "../../components/cluster-editor.ts";
import { ClusterError } from "../../components/cluster-error.ts";

const jobPath = "/apis/batch/v1/namespaces/tigera-operator/jobs/tigera-operator-uninstall";

interface There {
  readonly installation?: boolean;
  /** Ready pods of the operator; undefined when there is no operator. */
  readonly ready?: number;
  readonly job?: boolean;
}

/** A cluster with so much of Calico; tells which Jobs are deleted. */
function cluster({ installation = true, ready, job = false }: There): {
  client: ClusterEditor;
  deleted: string[];
} {
  const deleted: string[] = [];
  let lookedSince = 0;
  const found = (path: string): object | undefined => {
    if (path.endsWith("/installations/default")) return installation ? {} : undefined;
    if (path.endsWith("/deployments/tigera-operator")) {
      return ready === undefined ? undefined : { status: { readyReplicas: ready } };
    }
    // Gone only at the second look after it was deleted: what hangs on it goes first.
    return path === jobPath && job && (deleted.length === 0 || ++lookedSince < 2) ? {} : undefined;
  };
  const client = {
    get: (path: string) => Promise.resolve(found(path)),
    remove: (path: string) => Promise.resolve(void deleted.push(path)),
  };
  return { client: client as unknown as ClusterEditor, deleted };
}

describe("letCalicoLeave()", () => {
  it("refuses while the operator does not run, and leaves the Job alone", async () => {
    const { client, deleted } = cluster({ ready: 0, job: true });
    await assert.rejects(letCalicoLeave(client), (error: unknown) => {
      assert.ok(error instanceof ClusterError);
      assert.equal(error.problem.path, "tigera-operator/tigera-operator");
      assert.match(error.message, /^The operator does not run/);
      return true;
    });
    assert.deepEqual(deleted, []);
  });

  for (const [title, there] of [
    ["removes the Job of a try that failed, and waits until it is gone", { ready: 1, job: true }],
    [
      "does so without an Installation, which needs no operator",
      { installation: false, ready: 0, job: true },
    ],
    ["does so where the operator went already", { job: true }],
  ] satisfies [string, There][]) {
    it(title, async () => {
      const { client, deleted } = cluster(there);
      await letCalicoLeave(client);
      assert.deepEqual(deleted, [jobPath]);
      assert.equal(await client.get(jobPath), undefined);
    });
  }

  it("has nothing to do where Calico may leave", async () => {
    const { client, deleted } = cluster({ ready: 1 });
    await letCalicoLeave(client);
    assert.deepEqual(deleted, []);
  });
});
