import assert from "node:assert/strict";
import { openReader } from "../../components/cluster-reader.ts";
import { resolveFlows } from "../../model/policies/flows.ts";
import { type End, judge, type PodGroup, readPolicies, type World } from "../../model/reachability/index.ts";
import { follow, type Phase } from "./follow.ts";
import type { Sandbox } from "./sandbox.ts";
import { settingsOf } from "./settings.ts";
import type { Watch } from "./watch.ts";

const dns: PodGroup = {
  name: "kube-system/kube-dns",
  namespace: "kube-system",
  labels: { "k8s-app": "kube-dns" },
  ports: [],
};

interface Stored {
  readonly metadata: { readonly namespace: string; readonly name: string; readonly resourceVersion: string };
}

const path = "/apis/networking.k8s.io/v1/networkpolicies";

/**
 * Watches that what flows declare always passes, and names always resolve, by every state of the policies that
 * the API server goes through: whatever comes and goes, and wherever the engine is killed.
 */
export async function watchFlows(sandbox: Sandbox, raw: object): Promise<Watch> {
  const { wanted, world } = expectations(raw);
  const look = (policies: readonly Stored[]): void => {
    // Items of a list do not say what they are.
    const objects = policies.map((policy) => ({
      ...policy,
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
    }));
    const { policies: read, problems } = readPolicies(objects);
    assert.deepEqual(problems, []);
    const denied = wanted.filter((one) => judge({ ...world, policies: read }, one).allowed !== true);
    assert.deepEqual(
      denied.map(({ text }) => text),
      [],
      `there are ${policies.map(nameOf).join(", ")}`,
    );
  };
  // As the API has them: the client library gives some fields other names.
  const list = await (
    await openReader()
  ).get<{ items: Stored[]; metadata: { resourceVersion: string } }>(path);
  const there = new Map((list?.items ?? []).map((policy) => [nameOf(policy), policy]));
  const hear = (phase: Phase, state: unknown): void => {
    const changed = state as Stored;
    if (phase === "DELETED") there.delete(nameOf(changed));
    else there.set(nameOf(changed), changed);
    look([...there.values()]);
  };
  return follow(sandbox, path, hear, { resourceVersion: list?.metadata.resourceVersion ?? "" });
}

const nameOf = ({ metadata }: Stored): string => `${metadata.namespace}/${metadata.name}`;

/** What has to pass, and all that is known but for the policies. */
function expectations(raw: object) {
  const { flows } = resolveFlows(settingsOf(raw));
  const pods = new Map<string, PodGroup>([[dns.name, dns]]);
  const podOf = (end: (typeof flows)[number]["from"]): PodGroup => {
    assert.ok(end.kind === "pods" && end.namespace !== undefined);
    const name = `${end.namespace}/${end.workload}`;
    const pod = pods.get(name) ?? { name, namespace: end.namespace, labels: end.labels, ports: [] };
    pods.set(name, pod);
    return pod;
  };
  const wanted = flows.map(({ from, to, port, text }) => {
    assert.ok(port);
    return { from: { pod: podOf(from) }, to: { pod: podOf(to) }, text, ...port };
  });
  const lookups = [...pods.values()].flatMap((pod) =>
    (["UDP", "TCP"] as const).map((protocol) => {
      const ends: { from: End; to: End } = { from: { pod }, to: { pod: dns } };
      return { ...ends, protocol, port: 53, text: `${pod.name} → DNS ${protocol}` };
    }),
  );
  const namespaces = [...new Set([...pods.values()].map(({ namespace }) => namespace))].map((name) => ({
    name,
    labels: { "kubernetes.io/metadata.name": name },
  }));
  const world: World = { namespaces, pods: [...pods.values()], policies: [], dialect: "kubernetes" };
  return { wanted: [...wanted, ...lookups], world };
}
