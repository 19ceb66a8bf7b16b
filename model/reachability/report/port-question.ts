import { didYouMean } from "../../did-you-mean.ts";
import type { Problem } from "../../problem.ts";
import type { Group } from "../inventory/groups.ts";
import { type Service, targetOf } from "../inventory/service.ts";
import type { Protocol } from "../world.ts";

/** A port that is asked about: a number, or what the destination's pods or its Service call it. */
export interface AskedPort {
  readonly text: string;
  readonly port: number | string;
  /** Undefined where only a name was given: whichever it has. */
  readonly protocol: Protocol | undefined;
}

/** A port of pods, as policies see it. */
export interface PodPort {
  readonly protocol: Protocol;
  readonly port: number;
}

/** Reads `5432`, `53/UDP` or `http`; a number alone is TCP. */
export function readPort(text: string): AskedPort | { readonly problem: Problem } {
  const [, wanted = "", protocol] = /^([^/]+?)(?:\/(\w+))?$/.exec(text) ?? [];
  const fail = (message: string, remedy: string) => ({ problem: { path: "--port", message, remedy } });
  const known = protocol?.toUpperCase();
  if (known !== undefined && known !== "TCP" && known !== "UDP" && known !== "SCTP") {
    return fail(`${protocol ?? ""} is no protocol`, "use TCP, UDP or SCTP");
  }
  if (/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i.test(wanted) && /[a-z]/i.test(wanted)) {
    return { text, port: wanted.toLowerCase(), protocol: known };
  }
  const port = /^\d+$/.test(wanted) ? Number(wanted) : 0;
  if (port < 1 || port > 65_535) {
    return fail(
      `${JSON.stringify(text)} is no port`,
      "use 1 to 65535 or a port's name, with /UDP or /SCTP behind it",
    );
  }
  return { text, port, protocol: known ?? "TCP" };
}

/**
 * The ports that are meant at a destination.
 * @param group - undefined where it is no pod
 * @param service - where the question named one: its ports stand for those of its pods
 */
export function portsAt(
  asked: AskedPort,
  group: Group | undefined,
  service: Service | undefined,
): readonly PodPort[] {
  const isMeant = (protocol: Protocol): boolean =>
    asked.protocol === undefined || protocol === asked.protocol;
  if (service && group) {
    const behind = service.ports.filter(
      ({ port, name, protocol }) => isMeant(protocol) && (port === asked.port || name === asked.port),
    );
    return behind.flatMap((one) => {
      const target = targetOf(one, group);
      return target === undefined ? [] : [{ protocol: one.protocol, port: target }];
    });
  }
  if (typeof asked.port === "number") return [{ protocol: asked.protocol ?? "TCP", port: asked.port }];
  return (group?.ports ?? [])
    .filter(({ name, protocol }) => name === asked.port && isMeant(protocol))
    .map(({ protocol, port }) => ({ protocol, port }));
}

/** Why no port is meant at any of the destinations. */
export function noPort(asked: AskedPort, groups: readonly Group[], service: Service | undefined): Problem {
  const path = "--port";
  if (service) {
    const ports = service.ports.map(({ port, name }) => name ?? String(port));
    const message = `Service ${service.namespace}/${service.name} has no port ${asked.text} that its pods answer`;
    return { path, message, remedy: ports.length > 0 ? didYouMean(asked.text, ports) : "name the workload" };
  }
  const [first] = groups;
  const names = [...new Set(groups.flatMap(({ ports }) => ports.flatMap(({ name }) => name ?? [])))];
  const numbers = [...new Set(groups.flatMap(({ ports }) => ports.map(({ port }) => port)))];
  const message = `${first?.workload ?? "The destination"} has no port called ${asked.text}`;
  if (names.length > 0) return { path, message, remedy: didYouMean(asked.text, names) };
  return {
    path,
    message,
    remedy: `give its number${numbers.length > 0 ? `, such as ${numbers[0] ?? ""}` : ""}`,
  };
}

/**
 * What to say of a number that is a Service's port and not one of its pods: the most frequent mistake.
 * @returns a sentence with what to ask instead; none where the pods answer on the number themselves
 */
export function serviceHint(
  asked: AskedPort,
  group: Group,
  services: readonly Service[],
): string | undefined {
  const isOwn = group.ports.some(({ port, protocol }) => port === asked.port && protocol === asked.protocol);
  if (isOwn || typeof asked.port !== "number") return undefined;
  for (const service of services) {
    const found = service.ports.find(
      ({ port, protocol }) => port === asked.port && protocol === asked.protocol,
    );
    const target = found && targetOf(found, group);
    if (target !== undefined && target !== asked.port) {
      const name = `${service.namespace}/${service.name}`;
      return `${asked.text} is a port of Service ${name}, which sends to port ${target} of ${group.name}; policies see that one: ask for --port ${target}, or --to ${name}`;
    }
  }
  return undefined;
}
