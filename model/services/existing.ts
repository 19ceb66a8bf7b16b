import type { LiveObject } from "../live.ts";
import { stackLabel } from "../live.ts";
import { formatProblem } from "../problem.ts";
import type { PlannedService } from "./planned.ts";

/** A Service of the cluster, as far as it says where it leads. */
export interface LiveService extends LiveObject {
  readonly type?: string | undefined;
  /** Its name stands for the addresses of pods, so it changes no port. */
  readonly headless?: boolean | undefined;
  readonly selector?: Readonly<Record<string, string>> | undefined;
  readonly ports?: readonly LiveServicePort[] | undefined;
}

interface LiveServicePort {
  readonly port: number;
  /** A number, or the name of a container's port; absent: the same as the Service's. */
  readonly targetPort?: number | string | undefined;
  readonly protocol?: string | undefined;
}

/**
 * Which of the planned Services are to be made. One that is there under the same name and is not this
 * stack's stays as it is, whoever made it: clients use it. Where it does not lead to the workload's
 * ports, that is said, for the flow is allowed and yet would find nobody by that name.
 * @param found - Services under the names of planned ones
 * @param stack - `<project>.<stack>`, the value of the stack label
 */
export function chooseServices(
  planned: readonly PlannedService[],
  found: readonly LiveService[],
  stack: string,
): { services: PlannedService[]; warnings: string[] } {
  const named = new Map(found.map((service) => [`${service.namespace ?? ""}/${service.name}`, service]));
  const keyOf = ({ namespace, name }: PlannedService): string => `${namespace}/${name}`;
  const isOurs = ({ labels }: LiveService): boolean => labels[stackLabel] === stack;
  return {
    services: planned.filter((service) => {
      const there = named.get(keyOf(service));
      return there ? isOurs(there) : !service.observed;
    }),
    warnings: planned.flatMap((service) => {
      const other = named.get(keyOf(service));
      const astray = other && !isOurs(other) ? leadsAstray(service, other) : undefined;
      if (astray === undefined) return [];
      return [
        formatProblem({
          path: service.path,
          message: `Service ${keyOf(service)} is not of this stack, stays as it is, and ${astray}`,
          remedy: "correct it, delete it to get one from here, or set service: none where that is meant",
        }),
      ];
    }),
  };
}

/** Why a Service does not lead to a workload; undefined when it does. */
function leadsAstray({ selector, ports }: PlannedService, other: LiveService): string | undefined {
  if (other.type === "ExternalName") return "is only another name for something else";
  const asked = Object.entries(other.selector ?? {});
  if (asked.length === 0) return "selects no pods: somebody else says where it leads";
  const strange = asked
    .filter(([key, value]) => selector[key] !== value)
    .map(([key, value]) => `${key}=${value}`);
  if (strange.length > 0) {
    return `selects by ${strange.join(" and ")}, which is no label of the workload`;
  }
  if (other.headless) return undefined;
  const missing = ports.filter(
    ({ name, targetPort, protocol }) =>
      !(other.ports ?? []).some((port) => {
        const target = port.targetPort ?? port.port;
        return (port.protocol ?? "TCP") === protocol && (target === targetPort || target === name);
      }),
  );
  if (missing.length === 0) return undefined;
  const names = missing.map(({ name, protocol, port }) => `${name} (${protocol} ${port})`);
  return `does not lead to ${names.join(" and ")}`;
}
