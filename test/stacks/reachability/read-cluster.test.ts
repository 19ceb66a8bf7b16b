import assert from "node:assert/strict";
import { ClusterError } from "../../../components/cluster-error.ts";
import type { ClusterReader } from "../../../components/cluster-reader.ts";
import { formatProblem } from "../../../model/problem.ts";
import { at } from "../../../model/tree.ts";
import { readAll } from "../../../stacks/reachability/read-cluster.ts";

/** Pods by page: the key is what asks for the next one. */
const pages: Readonly<Record<string, object>> = {
  "": { metadata: { continue: "a/b+c=" }, items: [{ metadata: { name: "one" } }] },
  "a/b+c=": { metadata: {}, items: [{ metadata: { name: "two" } }] },
};

/** A cluster with two pages of pods, and kinds of which there are none; it serves no others. */
function cluster(denied: readonly string[] = []): ClusterReader {
  const server = "https://here";
  const empty = { metadata: {}, items: null };
  const get = (path: string): Promise<unknown> => {
    const { pathname, searchParams } = new URL(path, server);
    if (denied.includes(pathname)) {
      return Promise.reject(new ClusterError({ path: "KUBECONFIG", message: "no", remedy: "no" }, 403));
    }
    const answers: Readonly<Record<string, object | undefined>> = {
      "/api/v1": { resources: [{ name: "pods" }, { name: "services" }] },
      "/apis/cilium.io/v2": { resources: [{ name: "ciliumnetworkpolicies" }] },
      "/api/v1/namespaces": empty,
      "/api/v1/pods": pages[searchParams.get("continue") ?? ""],
      "/apis/networking.k8s.io/v1/networkpolicies": empty,
      "/api/v1/namespaces/default/endpoints/kubernetes": { metadata: { name: "kubernetes" } },
    };
    return Promise.resolve(answers[pathname]);
  };
  return {
    server,
    get: get as ClusterReader["get"],
    list: () => Promise.reject(new Error("Reads no lists of names")),
  };
}

describe("readAll()", () => {
  it("reads page by page, gives objects their kind, and takes what is not served for none", async () => {
    const { found, problems, notes } = await readAll(cluster());
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
        ["v1", "Endpoints", "kubernetes"],
      ],
    );
  });

  it("does without what only helps, and not without what decides", async () => {
    const { problems, notes } = await readAll(
      cluster([
        "/api/v1/services",
        "/api/v1/namespaces/kube-system/configmaps/cilium-config",
        "/apis/cilium.io/v2/ciliumnetworkpolicies",
        // Not served at all, and denied all the same.
        "/apis/crd.projectcalico.org/v1/networkpolicies",
      ]),
    );
    assert.deepEqual(notes, [
      "services may not be read: passed over",
      "ConfigMap cilium-config may not be read: passed over",
    ]);
    assert.deepEqual(problems.map(formatProblem), [
      "ciliumnetworkpolicies: https://here does not let this user list them: give it a ClusterRole with get and list of namespaces, pods, services, workloads and policies, or use another --context",
    ]);
  });
});
