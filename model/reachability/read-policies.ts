import type { Problem } from "../problem.ts";
import { readCiliumPolicy } from "./read-cilium-policy.ts";
import { readClusterNetworkPolicy } from "./read-cluster-network-policy.ts";
import { readNetworkPolicy } from "./read-network-policy.ts";
import { Reader } from "./reader.ts";
import type { PolicyKind, PolicyPart, ReadPolicy } from "./rules.ts";
import type { Labels } from "./world.ts";

/** What there is of an object's envelope. */
interface Envelope {
  readonly kind: PolicyKind;
  readonly group: string;
  readonly clusterWide: boolean;
  readonly parts: (
    reader: Reader,
    object: Readonly<Record<string, unknown>>,
    namespace: string | undefined,
  ) => PolicyPart[];
}

const kinds: readonly Envelope[] = [
  {
    kind: "NetworkPolicy",
    group: "networking.k8s.io",
    clusterWide: false,
    parts: (reader, { spec }, namespace = "default") => [readNetworkPolicy(reader, spec, namespace)],
  },
  { kind: "CiliumNetworkPolicy", group: "cilium.io", clusterWide: false, parts: readCiliumPolicy },
  { kind: "CiliumClusterwideNetworkPolicy", group: "cilium.io", clusterWide: true, parts: readCiliumPolicy },
  {
    kind: "ClusterNetworkPolicy",
    group: "policy.networking.k8s.io",
    clusterWide: true,
    parts: (reader, { spec }) => [readClusterNetworkPolicy(reader, spec)],
  },
];

/**
 * Reads policies of any dialect from plain objects, as YAML or JSON gives them. A List is read item by item.
 * What is not understood is a problem; a policy with one is still read as far as it goes.
 */
export function readPolicies(manifests: readonly unknown[]): { policies: ReadPolicy[]; problems: Problem[] } {
  const policies: ReadPolicy[] = [];
  const problems: Problem[] = [];
  for (const manifest of manifests.flatMap(itemsOf)) {
    const { policy, problems: found } = readPolicy(manifest);
    if (policy) policies.push(policy);
    problems.push(...found);
  }
  return { policies, problems };
}

function itemsOf(manifest: unknown): readonly unknown[] {
  if (typeof manifest !== "object" || manifest === null || !("items" in manifest)) return [manifest];
  return Array.isArray(manifest.items) ? (manifest.items as unknown[]) : [manifest];
}

function readPolicy(manifest: unknown): { policy?: ReadPolicy; problems: readonly Problem[] } {
  const nameless = new Reader("policy");
  const object = nameless.fields(manifest, "");
  const metadata = nameless.fields(object.metadata, "metadata");
  const { kind: kindName, apiVersion } = object;
  const name = typeof metadata.name === "string" ? metadata.name : "without a name";
  const group = typeof apiVersion === "string" ? (apiVersion.split("/")[0] ?? "") : "";
  const known = kinds.find(({ kind, group: its }) => kind === kindName && its === group);
  if (known === undefined) {
    nameless.fail(
      "",
      `${String(apiVersion)} ${String(kindName)} ${name} is no policy that is understood`,
      understood,
    );
    return { problems: nameless.problems };
  }
  const written = typeof metadata.namespace === "string" ? metadata.namespace : "default";
  const namespace = known.clusterWide ? undefined : written;
  const reader = new Reader(`${known.kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`);
  const parts = known.parts(reader, object, namespace);
  const labels = reader.fields(metadata.labels, "metadata.labels") as Labels;
  return {
    policy: { kind: known.kind, namespace, name, labels, parts },
    problems: [...nameless.problems, ...reader.problems],
  };
}

const understood = `give one of ${kinds.map(({ kind, group }) => `${kind} (${group})`).join(", ")}`;
