import { asEntries, at, type Tree } from "../../tree.ts";
import type { Labels, PodGroup } from "../world.ts";

/** What pods of one kind have in common, from a pod or from the template of a workload. */
export interface PodForm {
  readonly labels: Labels;
  readonly serviceAccount: string;
  readonly ports: PodGroup["ports"];
  readonly hostNetwork: boolean;
}

/** Where each kind of workload has its pods' template. */
export const templatePaths: Readonly<Record<string, readonly string[]>> = {
  Deployment: ["spec", "template"],
  StatefulSet: ["spec", "template"],
  DaemonSet: ["spec", "template"],
  ReplicaSet: ["spec", "template"],
  ReplicationController: ["spec", "template"],
  Job: ["spec", "template"],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
};

/** Reads a pod or a template; what is not there is what the API server would put there. */
export function podForm(pod: Tree): PodForm {
  const spec = at(pod, "spec");
  const serviceAccount = at(spec, "serviceAccountName") ?? at(spec, "serviceAccount");
  return {
    labels: labelsOf(at(pod, "metadata", "labels")),
    serviceAccount: typeof serviceAccount === "string" ? serviceAccount : "default",
    ports: [...itemsOf(at(spec, "containers")), ...sidecars(spec)].flatMap((container) =>
      itemsOf(at(container, "ports")).flatMap(portOf),
    ),
    hostNetwork: at(spec, "hostNetwork") === true,
  };
}

/** Text by text, as labels are; a number that YAML made of one is what was meant. */
export function labelsOf(tree: Tree): Labels {
  const entries = asEntries(tree);
  return Object.fromEntries(
    (typeof entries === "symbol" ? [] : entries).flatMap(([key, value]) =>
      ["string", "number", "boolean"].includes(typeof value) ? [[key, String(value)]] : [],
    ),
  );
}

/** Init containers that stay: their ports are open as long as the pod is. */
const sidecars = (spec: Tree): unknown[] =>
  itemsOf(at(spec, "initContainers")).filter((container) => at(container, "restartPolicy") === "Always");

function portOf(tree: Tree): PodForm["ports"] {
  const [port, name, protocol] = [at(tree, "containerPort"), at(tree, "name"), at(tree, "protocol") ?? "TCP"];
  if (typeof port !== "number") return [];
  if (protocol !== "TCP" && protocol !== "UDP" && protocol !== "SCTP") return [];
  return [{ port, protocol, ...(typeof name === "string" && { name }) }];
}

/** A list's items; none of anything else. */
export const itemsOf = (tree: Tree): unknown[] => (Array.isArray(tree) ? (tree as unknown[]) : []);
