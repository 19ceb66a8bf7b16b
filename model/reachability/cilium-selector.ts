import type { Reader } from "./reader.ts";
import { serviceAccountKey } from "./pod-index.ts";
import type { CiliumEntity, PodSelection } from "./rules.ts";
import { namespaceNameLabel, type Requirement } from "./selector.ts";

/** What a selector of Cilium's dialect means. */
export type EndpointSelection =
  | { readonly kind: "pods"; readonly selection: PodSelection; readonly doubt?: string }
  | { readonly kind: "entity"; readonly entity: CiliumEntity };

const entities: readonly CiliumEntity[] = [
  "all",
  "world",
  "world-ipv4",
  "world-ipv6",
  "cluster",
  "host",
  "remote-node",
  "kube-apiserver",
  "ingress",
  "health",
  "init",
  "unmanaged",
  "none",
];

export const asEntity = (text: string): CiliumEntity | undefined => entities.find((known) => known === text);

const podNamespace = "io.kubernetes.pod.namespace";
const namespacePrefix = "io.cilium.k8s.namespace.labels.";
const clusterKey = "io.cilium.k8s.policy.cluster";

/**
 * Reads a selector in which labels of pods and of their namespaces stand side by side. Without a label of the
 * namespace it means the policy's own, in a cluster-wide policy every one.
 * @param namespace - of the policy; undefined for a cluster-wide one
 * @param isSubject - it says for whom the policy is, and so never leaves the policy's namespace
 * @see https://docs.cilium.io/en/stable/network/kubernetes/policy/#namespaces
 */
export function readEndpointSelector(
  reader: Reader,
  given: unknown,
  namespace: string | undefined,
  isSubject: boolean,
  path: string,
): EndpointSelection {
  const requirements = reader.selector(isSubject ? atHome(given, namespace) : given, path);
  const [namespaces, pods]: [Requirement[], Requirement[]] = [[], []];
  let doubt: string | undefined;
  for (const requirement of requirements) {
    const [, source = "k8s", key = ""] = /^(?:([a-z0-9]+):)?(.*)$/.exec(requirement.key) ?? [];
    if (source === "reserved") {
      const entity = asEntity(key);
      if (entity !== undefined && requirements.length === 1) return { kind: "entity", entity };
    }
    if (key === podNamespace) namespaces.push({ ...requirement, key: namespaceNameLabel });
    else if (key.startsWith(namespacePrefix)) {
      namespaces.push({ ...requirement, key: key.slice(namespacePrefix.length) });
    } else if (key === serviceAccountKey || source === "k8s" || source === "any") {
      if (key === clusterKey) doubt = `${requirement.key} asks for another cluster, or for this one`;
      else pods.push({ ...requirement, key });
    } else {
      doubt = `${requirement.key} is no label of Kubernetes`;
    }
  }
  if (doubt !== undefined) reader.fail(path, capital(doubt), "judge this policy by hand");
  const ownOnly = namespace !== undefined && (isSubject || namespaces.length === 0);
  return {
    kind: "pods",
    selection: { ...(ownOnly && { namespace }), namespaces, pods },
    ...(doubt !== undefined && { doubt }),
  };
}

/** Of whom a policy is for, Cilium takes the namespace to be the policy's, whatever a label says. */
function atHome(given: unknown, namespace: string | undefined): unknown {
  const { matchLabels, ...rest } = (given ?? {}) as { readonly matchLabels?: unknown };
  if (namespace === undefined || typeof matchLabels !== "object" || matchLabels === null) return given;
  const others = Object.entries(matchLabels).filter(([key]) => key !== `k8s:${podNamespace}`);
  return { ...rest, matchLabels: Object.fromEntries(others) };
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
