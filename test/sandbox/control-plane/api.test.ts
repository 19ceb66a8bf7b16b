import assert from "node:assert/strict";
import { ApiError, collection, unlessRefused } from "../../../sandbox/control-plane/api.ts";

describe("collection()", () => {
  it("finds the path of a kind", () => {
    const path = (apiVersion: string, kind: string, namespace?: string): string =>
      collection({ apiVersion, kind, metadata: { name: "x", ...(namespace && { namespace }) } });
    assert.equal(path("v1", "Node"), "/api/v1/nodes");
    assert.equal(path("v1", "ConfigMap", "kube-system"), "/api/v1/namespaces/kube-system/configmaps");
    assert.equal(
      path("apps/v1", "DaemonSet", "kube-system"),
      "/apis/apps/v1/namespaces/kube-system/daemonsets",
    );
    assert.equal(
      path("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
      "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
    );
  });
});

describe("unlessRefused()", () => {
  const failing = (code: number) => unlessRefused("Node a", () => Promise.reject(new ApiError(code, "no")));

  for (const code of [400, 403, 422]) {
    it(`gives up on ${code}, which stays`, async () => {
      await assert.rejects(failing(code), {
        name: "ControlPlaneError",
        message: "The API server refuses Node a: no",
      });
    });
  }
  for (const code of [404, 409, 429, 500, 503]) {
    it(`leaves ${code}, which may pass, to be tried again`, async () => {
      await assert.rejects(failing(code), { name: "ApiError", code });
    });
  }
});
