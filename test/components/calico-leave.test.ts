import assert from "node:assert/strict";
import { letCalicoLeave } from "../../components/calico-leave.ts";
import type { ClusterClient } from "../../components/cluster-client.ts";
import { ClusterError } from "../../components/cluster-error.ts";

interface There {
  readonly installation?: boolean;
  /** Ready pods of the operator; undefined when there is no operator. */
  readonly ready?: number;
  readonly job?: boolean;
}

/** A cluster with so much of Calico; tells which Jobs are deleted. */
function cluster({ installation = true, ready, job = false }: There): {
  client: ClusterClient;
  deleted: string[];
} {
  const deleted: string[] = [];
  const found = (there: boolean, object: object): Promise<object> =>
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as the client's
    there ? Promise.resolve(object) : Promise.reject({ code: 404 });
  let lookedSince = 0;
  const client = {
    custom: { getClusterCustomObject: () => found(installation, {}) },
    apps: {
      readNamespacedDeployment: () => found(ready !== undefined, { status: { readyReplicas: ready } }),
    },
    batch: {
      // Gone only at the second look after it was deleted: what hangs on it goes first.
      readNamespacedJob: () => found(job && (deleted.length === 0 || ++lookedSince < 2), {}),
      deleteNamespacedJob: ({ name }: { name: string }) => Promise.resolve(deleted.push(name)),
    },
  };
  return { client: client as unknown as ClusterClient, deleted };
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
      assert.deepEqual(deleted, ["tigera-operator-uninstall"]);
      await assert.rejects(client.batch.readNamespacedJob({ namespace: "", name: "" }));
    });
  }

  it("has nothing to do where Calico may leave", async () => {
    const { client, deleted } = cluster({ ready: 1 });
    await letCalicoLeave(client);
    assert.deepEqual(deleted, []);
  });
});
