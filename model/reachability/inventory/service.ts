import { at } from "../../tree.ts";
import type { PodGroup } from "../world.ts";
import type { NamedObject } from "./objects.ts";
import { itemsOf, labelsOf } from "./pod-template.ts";

type Protocol = PodGroup["ports"][number]["protocol"];

/** A Service, as far as it tells which port of a pod stands behind which port of its own. */
export interface Service {
  readonly namespace: string;
  readonly name: string;
  /** Undefined where it selects no pods: its addresses are written down elsewhere. */
  readonly selector: PodGroup["labels"] | undefined;
  readonly addresses: readonly string[];
  readonly ports: readonly {
    readonly name?: string;
    readonly port: number;
    readonly protocol: Protocol;
    readonly targetPort: number | string;
  }[];
}

/** Reads a Service. */
export function serviceOf({ namespace = "", name, manifest }: NamedObject): Service {
  const selector = labelsOf(at(manifest, "spec", "selector"));
  const addresses = [at(manifest, "spec", "clusterIP"), ...itemsOf(at(manifest, "spec", "clusterIPs"))];
  return {
    namespace,
    name,
    selector: Object.keys(selector).length === 0 ? undefined : selector,
    addresses: [...new Set(addresses.filter((one) => typeof one === "string" && one !== "None"))] as string[],
    ports: itemsOf(at(manifest, "spec", "ports")).flatMap((tree) => {
      const [port, portName, target] = [at(tree, "port"), at(tree, "name"), at(tree, "targetPort")];
      if (typeof port !== "number") return [];
      const protocol = (at(tree, "protocol") ?? "TCP") as Protocol;
      const targetPort = typeof target === "number" || typeof target === "string" ? target : port;
      return [{ port, protocol, targetPort, ...(typeof portName === "string" && { name: portName }) }];
    }),
  };
}

/** Whether a Service sends to the pods of a group. */
export const selects = ({ namespace, selector }: Service, group: PodGroup): boolean =>
  selector !== undefined &&
  namespace === group.namespace &&
  Object.entries(selector).every(([key, value]) => group.labels[key] === value);

/** The port of a group's pods that a Service's port stands for; undefined where the pods have none of that name. */
export const targetOf = (
  { targetPort, protocol }: Service["ports"][number],
  group: PodGroup,
): number | undefined =>
  typeof targetPort === "number"
    ? targetPort
    : group.ports.find((one) => one.name === targetPort && one.protocol === protocol)?.port;
