import { didYouMean } from "../did-you-mean.ts";
import type { End } from "./flow-end.ts";
import type { FlowPort, Protocol } from "./flow.ts";
import type { EndProblem } from "./flow-cidr.ts";
import type { PolicyFacts } from "./facts.ts";
import type { FlowSettings } from "./short-form.ts";
import type { Workload } from "./workloads.ts";

type Wanted = Pick<FlowSettings, "port" | "protocol">;
type Found = { readonly ports: readonly (FlowPort | undefined)[] } | EndProblem;

/** The word for every port: nothing that is left out means so much. */
const any = "any";

/**
 * The ports that a flow means, as numbers; undefined stands for every port. Without a word about them they
 * are those that the workload declares, or the API server's own.
 */
export function flowPorts({ port, protocol }: Wanted, to: End, name: string, facts: PolicyFacts): Found {
  if (port !== undefined) {
    const found: FlowPort[] = [];
    for (const one of [port].flat()) {
      const ports = onePort(one, protocol, to.workload, name);
      if (ports === any) return { ports: [undefined] };
      if ("message" in ports) return ports;
      found.push(...ports);
    }
    return { ports: found };
  }
  const { workload } = to;
  if (workload && workload.ports.length > 0) {
    const ports = workload.ports.filter((one) => protocol === undefined || one.protocol === protocol);
    if (ports.length > 0) return { ports: ports.map(numbers) };
    return {
      message: `${name} declares no port of ${protocol}`,
      remedy: "leave protocol out, or declare one",
    };
  }
  const [peer] = to.peers;
  if (peer?.kind === "entity" && peer.entity === "api-server") {
    return { ports: facts.apiServer.ports.map((number) => ({ protocol: "TCP", port: number })) };
  }
  return {
    message: `${name} declares no ports, and the flow names none`,
    remedy: "write the port's number, or port: any for every port",
  };
}

function onePort(
  text: string | number,
  protocol: Protocol | undefined,
  workload: Workload | undefined,
  name: string,
): FlowPort[] | EndProblem | typeof any {
  const [wanted = "", suffix, ...more] = String(text).trim().split("/");
  if (wanted === any && suffix === undefined) {
    if (protocol === undefined) return any;
    return {
      message: `any means every port of every protocol, not only ${protocol}`,
      remedy: "write 1-65535",
    };
  }
  const own = suffix?.toUpperCase();
  if (more.length > 0 || (own !== undefined && !isProtocol(own))) {
    return { message: `${text} is no port`, remedy: "write it with TCP, UDP or SCTP, such as 53/UDP" };
  }
  const said = own ?? protocol;
  if (own !== undefined && protocol !== undefined && own !== protocol) {
    return { message: `${text} is not of protocol ${protocol}`, remedy: "say the protocol once" };
  }
  const range = /^(\d+)(?:-(\d+))?$/.exec(wanted);
  if (range) return numbered(Number(range[1]), range[2], said, workload, name, text);
  const found = workload?.ports.filter((one) => one.name === wanted) ?? [];
  if (found.length === 0) return unknownName(wanted, workload, name);
  const fitting = found.filter((one) => said === undefined || one.protocol === said);
  if (fitting.length > 0) return fitting.map(numbers);
  return {
    message: `Port ${wanted} of ${name} is ${found.map((one) => one.protocol).join()}, not ${said}`,
    remedy: "leave the protocol out: the workload declares it",
  };
}

function numbered(
  first: number,
  last: string | undefined,
  protocol: Protocol | undefined,
  workload: Workload | undefined,
  name: string,
  text: string | number,
): FlowPort[] | EndProblem {
  const end = last === undefined ? first : Number(last);
  if (first < 1 || end > 65_535 || end < first) {
    return { message: `${text} is no port`, remedy: "use 1 to 65535, the smaller number of a range first" };
  }
  if (end > first) return [{ protocol: protocol ?? "TCP", port: first, endPort: end }];
  if (!workload) return [{ protocol: protocol ?? "TCP", port: first }];
  const declared = workload.ports.filter(
    (one) => one.port === first && (protocol === undefined || one.protocol === protocol),
  );
  return declared.length > 0 ? declared.map(numbers) : unknownName(String(text), workload, name);
}

function unknownName(wanted: string, workload: Workload | undefined, name: string): EndProblem {
  if (!workload) {
    return { message: `${name} has no named ports, so not ${wanted}`, remedy: "write the port's number" };
  }
  const names = workload.ports.map((one) => one.name);
  return {
    message: `${name} has no port ${wanted}`,
    remedy: names.length === 0 ? "declare its ports" : didYouMean(wanted, names),
  };
}

const numbers = ({ protocol, port }: FlowPort): FlowPort => ({ protocol, port });

const isProtocol = (text: string): text is Protocol => ["TCP", "UDP", "SCTP"].includes(text);
