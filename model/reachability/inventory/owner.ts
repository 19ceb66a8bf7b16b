import { at, type Tree } from "../../tree.ts";
import { itemsOf } from "./pod-template.ts";

/** What a pod is one of many of. */
export interface Owner {
  readonly kind: string;
  readonly name: string;
}

/**
 * The workload that a pod belongs to, by its own metadata alone: the objects between need not be there. A
 * ReplicaSet's name is its Deployment's with the pods' hash, a Job's its CronJob's with a time, and a static
 * pod's ends in its node's.
 * @param isLoneJob - whether a Job of that name is known to belong to no CronJob
 */
export function ownerOf(pod: Tree, podName: string, isLoneJob: (name: string) => boolean): Owner {
  const owner = itemsOf(at(pod, "metadata", "ownerReferences")).find((one) => at(one, "controller") === true);
  const [kind, name] = [at(owner, "kind"), at(owner, "name")];
  if (typeof kind !== "string" || typeof name !== "string") return { kind: "Pod", name: podName };
  if (kind === "ReplicaSet") {
    const hash = at(pod, "metadata", "labels", "pod-template-hash");
    const isDeployments = typeof hash === "string" && name.endsWith(`-${hash}`);
    return isDeployments ? { kind: "Deployment", name: name.slice(0, -hash.length - 1) } : { kind, name };
  }
  if (kind === "Job") {
    const scheduled = isLoneJob(name) ? undefined : /^(.+)-\d{8,}$/.exec(name)?.[1];
    return scheduled === undefined ? { kind, name } : { kind: "CronJob", name: scheduled };
  }
  if (kind === "Node") {
    const isStatic = podName.endsWith(`-${name}`);
    return { kind: "Pod", name: isStatic ? podName.slice(0, -name.length - 1) : podName };
  }
  return { kind, name };
}

/** Whether a workload belongs to another one, whose template counts instead. */
export const isOwned = (workload: Tree): boolean =>
  itemsOf(at(workload, "metadata", "ownerReferences")).some((one) => at(one, "controller") === true);
