import assert from "node:assert/strict";
import type { ClusterReader } from "../../components/cluster-reader.ts";
import { readClusterPolicies } from "../../stacks/live-cluster-policies.ts";
import { settingsOf } from "../support/settings.ts";

const wanted = settingsOf({ policies: { baseline: "cluster-network-policy" }, cilium: { enabled: false } });

const reader = (resources: string[] | undefined): ClusterReader => ({
  server: "",
  get: <T>(path: string) => {
    assert.equal(path, "/apis/policy.networking.k8s.io/v1alpha2");
    return Promise.resolve(resources && ({ resources: resources.map((name) => ({ name })) } as T));
  },
  list: (path) => {
    assert.equal(path, "/apis/policy.networking.k8s.io/v1alpha2/clusternetworkpolicies");
    return Promise.resolve([{ metadata: { name: "one", labels: { a: "b" } } }]);
  },
});

describe("readClusterPolicies()", () => {
  it("lists them where the API serves them", async () => {
    const served = reader(["clusternetworkpolicies", "clusternetworkpolicies/status"]);
    assert.deepEqual(await readClusterPolicies(served, wanted), [{ name: "one", labels: { a: "b" } }]);
  });

  it("tells where it does not, the group or the kind", async () => {
    assert.equal(await readClusterPolicies(reader(undefined), wanted), undefined);
    assert.equal(await readClusterPolicies(reader(["others"]), wanted), undefined);
  });

  it("asks for nothing where none is wanted", async () => {
    const nobody = (): never => assert.fail("asked");
    assert.equal(
      await readClusterPolicies({ server: "", get: nobody, list: nobody }, settingsOf({})),
      undefined,
    );
  });
});
