import { at } from "../../tree.ts";
import { groupBy } from "../group-by.ts";
import type { Labels, PodGroup } from "../world.ts";
import type { NamedObject } from "./objects.ts";
import { isOwned, type Owner, ownerOf } from "./owner.ts";
import { itemsOf, podForm, type PodForm, templatePaths } from "./pod-template.ts";

/** Pods that nothing tells apart: those of one workload, as a rule. */
export interface Group extends PodGroup {
  readonly owner: Owner;
  /** The name without what tells two groups of the same name apart. */
  readonly workload: string;
  /** The pods that were seen; none of a template. */
  readonly pods: readonly string[];
  readonly where: string;
}

/** Labels that a controller gives each pod or each revision: no policy asks for them, as a rule. */
const volatile: readonly string[] = [
  "pod-template-hash",
  "rollouts-pod-template-hash",
  "controller-revision-hash",
  "pod-template-generation",
  "statefulset.kubernetes.io/pod-name",
  "apps.kubernetes.io/pod-index",
  "controller-uid",
  "batch.kubernetes.io/controller-uid",
  "job-name",
  "batch.kubernetes.io/job-name",
  "batch.kubernetes.io/job-completion-index",
];

/** A pod or a template. */
interface Candidate extends PodForm {
  readonly namespace: string;
  readonly owner: Owner;
  /** A pod tells more than its workload's template, and a later layer more than an earlier one. */
  readonly rank: number;
  readonly where: string;
  readonly pod?: { readonly name: string; readonly addresses: readonly string[] };
}

/**
 * Groups the pods, and the templates of workloads that have none, by workload and by all that policies can
 * tell apart.
 * @param asked - the labels that policies ask for: none of these is passed over
 */
export function groupPods(objects: readonly NamedObject[], asked: ReadonlySet<string>): Group[] {
  const lone = loneJobs(objects);
  const candidates = objects.flatMap((object) => candidateOf(object, lone));
  const best = new Map<string, number>();
  for (const one of candidates) best.set(ownerKey(one), Math.max(best.get(ownerKey(one)) ?? -1, one.rank));
  const real = new Set(candidates.filter(({ rank }) => rank >= 0).map(nameKey));

  const groups = new Map<string, Group & { pods: string[]; addresses: string[] }>();
  for (const one of candidates) {
    const isOutdone = one.rank < 0 ? real.has(nameKey(one)) : one.rank < (best.get(ownerKey(one)) ?? 0);
    if (isOutdone) continue;
    const labels = Object.fromEntries(
      Object.entries(one.labels)
        .filter(([key]) => asked.has(key) || !volatile.includes(key))
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
    const { namespace, owner, serviceAccount, hostNetwork, where } = one;
    const ports = [...one.ports].sort((a, b) => a.port - b.port || (a.protocol < b.protocol ? -1 : 1));
    const key = JSON.stringify([ownerKey(one), labels, serviceAccount, ports, hostNetwork]);
    const name = nameKey(one);
    const group = groups.get(key) ?? {
      ...{ namespace, owner, name, workload: name, labels, serviceAccount, ports, hostNetwork, where },
      ...{ pods: [], addresses: [] },
    };
    groups.set(key, group);
    if (!one.pod) continue;
    group.pods.push(one.pod.name);
    group.addresses.push(...one.pod.addresses);
  }
  return distinct([...groups.values()]).sort((a, b) => (a.name < b.name ? -1 : 1));
}

const ownerKey = ({ namespace, owner }: Pick<Candidate, "namespace" | "owner">): string =>
  `${namespace}/${owner.kind}/${owner.name}`;
const nameKey = ({ namespace, owner }: Pick<Candidate, "namespace" | "owner">): string =>
  `${namespace}/${owner.name}`;

const loneJobs = (objects: readonly NamedObject[]): ReadonlySet<string> =>
  new Set(
    objects
      .filter(({ kind, manifest }) => kind === "Job" && !isOwned(manifest))
      .map(({ namespace = "", name }) => `${namespace}/${name}`),
  );

function candidateOf(object: NamedObject, lone: ReadonlySet<string>): Candidate[] {
  const { kind, namespace = "", name, manifest, where, layer = 0, isDeclared = false } = object;
  if (kind === "Pod") {
    const phase = at(manifest, "status", "phase");
    if (phase === "Succeeded" || phase === "Failed") return [];
    const owner = ownerOf(manifest, name, (job) => lone.has(`${namespace}/${job}`));
    const pod = { name, addresses: addressesOf(manifest) };
    return [{ ...podForm(manifest), namespace, owner, where, pod, rank: 2 * layer + 1 }];
  }
  const path = templatePaths[kind];
  if (!path || isOwned(manifest)) return [];
  const rank = isDeclared ? -1 : 2 * layer;
  return [{ ...podForm(at(manifest, ...path)), namespace, owner: { kind, name }, where, rank }];
}

function addressesOf(pod: unknown): string[] {
  const listed = itemsOf(at(pod, "status", "podIPs")).map((one) => at(one, "ip"));
  const all = listed.length > 0 ? listed : [at(pod, "status", "podIP")];
  return all.filter((address) => typeof address === "string");
}

/** Gives groups of the same name what tells them apart: their kinds, else the labels in which they differ. */
function distinct(groups: readonly Group[]): Group[] {
  return [...groupBy(groups, ({ name }) => name).values()].flatMap((same) => {
    if (same.length === 1) return same;
    const kinds = new Set(same.map(({ owner }) => owner.kind));
    const suffixes = same.map((one) => [
      ...(kinds.size > 1 ? [one.owner.kind] : []),
      ...ownLabels(
        one.labels,
        same.filter(({ owner }) => owner.kind === one.owner.kind).map(({ labels }) => labels),
      ),
    ]);
    const names = same.map(({ name }, i) => {
      const suffix = suffixes[i] ?? [];
      return suffix.length === 0 ? name : `${name} (${suffix.join(", ")})`;
    });
    return same.map((one, i) => {
      const name = names[i] ?? one.name;
      const twins = names.slice(0, i).filter((other) => other === name).length;
      return { ...one, name: twins === 0 ? name : `${name} #${twins + 1}` };
    });
  });
}

/** The labels of one that not all have alike. */
const ownLabels = (labels: Labels, all: readonly Labels[]): string[] =>
  Object.entries(labels)
    .filter(([key, value]) => all.some((other) => other[key] !== value))
    .map(([key, value]) => `${key}=${value}`);
