import type { Labels, Protocol } from "./policies/flow.ts";

/** A pod that runs, or is about to: completed ones and those that are on their way out are left out. */
export interface LivePod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  /** Who made it: its controller, or the one that made that; the pod itself where nobody did. */
  readonly owner: Owner;
  readonly serviceAccount?: string | undefined;
  readonly hostNetwork: boolean;
  /** Ports that its containers declare. */
  readonly ports: readonly LivePort[];
  readonly addresses: readonly string[];
}

export interface LivePort {
  readonly name?: string | undefined;
  readonly port: number;
  readonly protocol: Protocol;
}

interface Owner {
  readonly kind: string;
  readonly name: string;
}

/** Pods of one owner that policies do not tell apart. */
export interface LivePodGroup extends Omit<LivePod, "name"> {
  readonly pods: number;
}

/** What is read of a pod's metadata to know its owner. */
interface OwnedMetadata {
  readonly name?: string | undefined;
  readonly labels?: Labels | undefined;
  readonly ownerReferences?:
    | readonly { readonly kind: string; readonly name: string; readonly controller?: boolean | undefined }[]
    | undefined;
}

/** Who made a pod, in the user's terms: a ReplicaSet is of its Deployment, a scheduled Job of its CronJob. */
export function ownerOf({ name = "", labels = {}, ownerReferences = [] }: OwnedMetadata): Owner {
  const found = ownerReferences.find(({ controller }) => controller === true) ?? ownerReferences[0];
  if (!found) return { kind: "Pod", name };
  const hash = labels["pod-template-hash"];
  if (found.kind === "ReplicaSet" && hash !== undefined && found.name.endsWith(`-${hash}`)) {
    return { kind: "Deployment", name: found.name.slice(0, -hash.length - 1) };
  }
  // A CronJob names its Jobs by the minute, counted from 1970.
  const [, cronJob] = /^(.+)-\d{8,}$/.exec(found.name) ?? [];
  if (found.kind === "Job" && cronJob !== undefined) return { kind: "CronJob", name: cronJob };
  return { kind: found.kind, name: found.name };
}

/** Labels that controllers make up: they tell pods of one owner apart, and say nothing to people. */
const madeUp =
  /^(pod-template-hash|controller-revision-hash|pod-template-generation|controller-uid|job-name|statefulset\.kubernetes\.io\/pod-name|apps\.kubernetes\.io\/pod-index|batch\.kubernetes\.io\/.+)$/;

/** The labels that somebody wrote. */
const writtenLabels = (labels: Labels): [string, string][] =>
  Object.entries(labels)
    .filter(([key]) => !madeUp.test(key))
    .sort(([a], [b]) => (a < b ? -1 : 1));

/** Pods by owner, and by labels where those of one owner have other ones; sorted by name. */
export function podGroups(pods: readonly LivePod[]): LivePodGroup[] {
  const groups = new Map<string, LivePod[]>();
  for (const pod of pods) {
    const { namespace, owner, labels, hostNetwork } = pod;
    const key = JSON.stringify([namespace, owner.name, owner.kind, hostNetwork, writtenLabels(labels)]);
    const others = groups.get(key);
    if (others) others.push(pod);
    else groups.set(key, [pod]);
  }
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => oneOf(group));
}

function oneOf(pods: readonly LivePod[]): LivePodGroup {
  const [first, ...others] = pods as [LivePod, ...LivePod[]];
  const shared = Object.entries(first.labels).filter(([key, value]) =>
    others.every(({ labels }) => labels[key] === value),
  );
  const { namespace, owner, serviceAccount, hostNetwork } = first;
  const ports = new Map(
    pods.flatMap((pod) => pod.ports.map((port) => [`${port.protocol} ${port.port}`, port])),
  );
  return {
    namespace,
    owner,
    labels: Object.fromEntries(shared),
    serviceAccount,
    hostNetwork,
    ports: [...ports.values()],
    addresses: pods.flatMap(({ addresses }) => addresses),
    pods: pods.length,
  };
}

/** In words: Deployment shop/legacy-cron (3 pods, app=legacy-cron). */
export function describeGroup({ namespace, owner, labels, pods }: LivePodGroup): string {
  const written = writtenLabels(labels).map(([key, value]) => `${key}=${value}`);
  const how = [pods === 1 ? "1 pod" : `${pods} pods`, ...(written.length > 0 ? written : ["no labels"])];
  return `${owner.kind} ${namespace}/${owner.name} (${how.join(", ")})`;
}
