/** A node as the cluster reports it: only what plan and gate look at. */
export interface LiveNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** Such as 5.15.0-91-generic, or 4.18.0-553.el8_10.x86_64. */
  readonly kernel: string;
  /** In Go's words, such as amd64. */
  readonly architecture: string;
  /** Addresses from which it sends through tunnels, as Calico notes them. */
  readonly tunnels?: readonly string[];
  readonly cores: number;
  readonly memoryBytes: number;
}

interface Taint {
  readonly key: string;
  readonly value?: string | undefined;
  readonly effect: string;
}

/** As pods have it. */
export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

export const osLabel = "kubernetes.io/os";

/** Whether a node has all labels of a selector. */
export function matches(node: LiveNode, selector: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(selector).every(([label, value]) => node.labels[label] === value);
}

/**
 * Whether pods with such tolerations may be put on a node. Taints of Kubernetes' own come and go with a
 * node's condition (not ready, cordoned): they say nothing of the node.
 */
export function takes({ taints }: LiveNode, tolerations: readonly Toleration[]): boolean {
  return taints
    .filter(
      ({ key, effect }) =>
        effect !== "PreferNoSchedule" && !/^node(\.cloudprovider)?\.kubernetes\.io\//.test(key),
    )
    .every((taint) => tolerations.some((toleration) => tolerates(toleration, taint)));
}

const tolerates = ({ key, operator = "Equal", value = "", effect }: Toleration, taint: Taint): boolean =>
  (effect === undefined || effect === "" || effect === taint.effect) &&
  (key === undefined || key === "" ? operator === "Exists" : key === taint.key) &&
  (operator === "Exists" || value === (taint.value ?? ""));

/** The first of some names, and how many more there are. */
export function firstFew(names: readonly string[], few = 3): string {
  const rest = names.length - few;
  if (rest > 0) return `${names.slice(0, few).join(", ")} and ${rest} more`;
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
