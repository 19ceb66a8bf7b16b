import type { LivePodGroup, LivePort } from "../live-pods.ts";
import type { Protocol } from "../policies/flow.ts";

/** A Service of an observed namespace: where it leads. */
export interface ObservedService {
  readonly namespace: string;
  readonly name: string;
  /** Empty: somebody else says where it leads. */
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly {
    readonly port: number;
    /** A number, or the name of a container's port. */
    readonly targetPort: number | string;
    readonly protocol: Protocol;
  }[];
}

/** Ports of pods: what their containers declare, and what Services before them name by number. */
export function portsOf(group: LivePodGroup, services: readonly ObservedService[]): LivePort[] {
  const found = new Map(group.ports.map((port) => [`${port.protocol} ${port.port}`, port]));
  for (const { ports } of services.filter((service) => leadsTo(service, group))) {
    for (const { targetPort, protocol } of ports) {
      const key = `${protocol} ${targetPort}`;
      if (typeof targetPort === "number" && !found.has(key)) found.set(key, { port: targetPort, protocol });
    }
  }
  return [...found.values()].sort((a, b) => a.port - b.port || (a.protocol < b.protocol ? -1 : 1));
}

const leadsTo = ({ selector }: ObservedService, { labels }: LivePodGroup): boolean =>
  Object.keys(selector).length > 0 && Object.entries(selector).every(([key, value]) => labels[key] === value);

/**
 * The Services that would lead to nobody any more: every port of pods behind a port of theirs is unreached.
 * @param unreached - ports of pods that nobody would reach
 */
export function unreachedServices(
  services: readonly ObservedService[],
  unreached: readonly { readonly group: LivePodGroup; readonly port: LivePort }[],
  groups: readonly LivePodGroup[],
): string[] {
  const isUnreached = (group: LivePodGroup, target: LivePort): boolean =>
    unreached.some(
      (one) => one.group === group && one.port.port === target.port && one.port.protocol === target.protocol,
    );
  return services.flatMap((service) => {
    const behind = groups.filter((group) => leadsTo(service, group));
    return service.ports.flatMap(({ port, targetPort, protocol }) => {
      const targets = behind.flatMap((group) =>
        portsOf(group, services)
          .filter(
            (one) =>
              one.protocol === protocol &&
              (typeof targetPort === "number" ? one.port === targetPort : one.name === targetPort),
          )
          .map((one) => ({ group, one })),
      );
      return targets.length > 0 && targets.every(({ group, one }) => isUnreached(group, one))
        ? [`Service ${service.namespace}/${service.name} ${protocol} ${port} → ${targetPort}`]
        : [];
    });
  });
}
