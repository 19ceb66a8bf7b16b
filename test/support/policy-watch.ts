import assert from "node:assert/strict";
import { openReader } from "../../components/cluster-reader.ts";
import { resolveFlows } from "../../model/policies/flows.ts";
import { type End, judge, type PodGroup, readPolicies, type World } from "../../model/reachability/index.ts";
import { settingsOf } from "./settings.ts";
import { type Watch, watch } from "./watch.ts";

const dns: PodGroup = {
  name: "kube-system/kube-dns",
  namespace: "kube-system",
  labels: { "k8s-app": "kube-dns" },
  ports: [],
};

/**
 * Watches that what flows declare always passes, and names always resolve, by the policies that the API server
 * has at the moment: whatever comes and goes, and wherever the engine is killed.
 */
export function watchFlows(raw: object): Watch {
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
  // As the API has them: the client library gives some fields other names.
  const reader = openReader();
  return watch(async () => {
    // One list is one moment: the API server answers it from one revision.
    const list = await (await reader).get<{ items: object[] }>("/apis/networking.k8s.io/v1/networkpolicies");
    const { policies, problems } = readPolicies(
      (list?.items ?? []).map((item) => ({
        ...item,
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
      })),
    );
    assert.deepEqual(problems, []);
    const world: World = { namespaces, pods: [...pods.values()], policies, dialect: "kubernetes" };
    const denied = [...wanted, ...lookups].filter((one) => judge(world, one).allowed !== true);
    assert.deepEqual(
      denied.map(({ text }) => text),
      [],
      `there are ${policies.map((policy) => `${policy.namespace}/${policy.name}`).join(", ")}`,
    );
  }, 10);
}
