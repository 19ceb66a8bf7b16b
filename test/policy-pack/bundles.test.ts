import assert from "node:assert/strict";
import { ownLabels } from "../../model/live.ts";
import { encodeBundle } from "../../model/policies/bundle.ts";
import type { Policy } from "../../model/policies/policies.ts";
import { encodeServices } from "../../model/services/bundle.ts";
import { run, type TestResource, unknown } from "./harness.ts";
import { namespace, networkPolicy } from "./objects.ts";

const uid = "uid-of-the-cluster";
const deny = (types: readonly string[] = ["Ingress", "Egress"]): Policy => ({
  kind: "NetworkPolicy",
  namespace: "shop",
  name: "default-deny-all.bundled",
  stage: "deny",
  because: "Every pod is isolated",
  spec: { podSelector: {}, policyTypes: types },
});
const command = (stdin: unknown, clusterUid: unknown = uid): TestResource => ({
  type: "command:local:Command",
  name: "policies-6-of-8",
  props: { create: "node apply.ts", stdin, environment: { CLUSTER_UID: clusterUid } },
});
const bundle = (policies: readonly Policy[], createNamespaces: readonly string[] = []): string =>
  encodeBundle({ name: "6-of-8", labels: ownLabels("cluster-network.dev"), createNamespaces, policies });
const provider = (clusterIdentifier: string) => ({ provider: { name: "p", props: { clusterIdentifier } } });
/** Something of the stack's own provider, which names the cluster. */
const anchor = networkPolicy("any", { podSelector: { a: "b" } }, { namespace: "kube-system" }, provider(uid));
const complaints = async (...stack: TestResource[]): Promise<string[]> =>
  (await run(["NP-DENY"], [...stack, anchor])).violations.map(({ message }) => message.split("\n")[0] ?? "");

describe("policies in bundles", () => {
  it("are judged like resources: a namespace with a default-deny passes", async () => {
    assert.deepEqual(await complaints(command(bundle([deny()], ["shop"]))), []);
  });

  it("are missed where a bundle creates a namespace and does not deny in it", async () => {
    const [none] = await complaints(command(bundle([], ["shop"])));
    assert.match(none ?? "", /^Namespace shop: No policy denies ingress and egress by default/);
    const [half] = await complaints(command(bundle([deny(["Ingress"])], ["shop"])));
    assert.match(half ?? "", /^Namespace shop: No policy denies egress by default/);
  });

  it("are shown at the command that applies them", async () => {
    const { violations } = await run(["NP-DENY"], [command(bundle([], ["shop"])), anchor]);
    assert.deepEqual(
      violations.map(({ urn }) => urn),
      ["policies-6-of-8"],
    );
  });

  it("are missed where a bundle puts a Service and none denies", async () => {
    const stdin = encodeServices({
      name: "1-of-4",
      labels: ownLabels("cluster-network.dev"),
      services: [
        {
          namespace: "shop",
          name: "db",
          headless: false,
          publishNotReadyAddresses: false,
          selector: { app: "db" },
          ports: [],
          because: "Declared flows end here",
        },
      ],
    });
    const [none] = await complaints(command(stdin));
    assert.match(
      none ?? "",
      /^Namespace shop \(used by .*\): No policy denies ingress and egress by default/,
    );
    assert.deepEqual(await complaints(command(stdin), command(bundle([deny()]))), []);
  });

  it("protect the namespaces of their own cluster, and of no other", async () => {
    const shop = namespace("shop", {}, provider(uid));
    assert.deepEqual(await complaints(shop, command(bundle([deny()]))), []);
    const [elsewhere] = await complaints(shop, command(bundle([deny()]), "another uid"));
    assert.match(elsewhere ?? "", /^Namespace shop: No policy denies ingress and egress/);
  });

  it("are seen in a stack that has nothing else of Kubernetes", async () => {
    const { violations } = await run(["NP-DENY"], [command(bundle([], ["shop"]))]);
    assert.equal(violations.length, 1);
  });

  it("are told from other commands", async () => {
    assert.deepEqual(await complaints(command("echo"), command(unknown), command(undefined)), []);
  });
});
