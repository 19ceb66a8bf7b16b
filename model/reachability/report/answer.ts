import type { Problem } from "../../problem.ts";
import { selects } from "../inventory/service.ts";
import { subtract } from "../intervals.ts";
import { portRange, type PortSet } from "../ports.ts";
import type { Protocol } from "../world.ts";
import { passingBetween } from "./between.ts";
import { portWords } from "./naming.ts";
import { type Finding, Pairs, type Word } from "./pairs.ts";
import type { Picture } from "./picture.ts";
import { type AskedPort, noPort, type PodPort, portsAt, readPort, serviceHint } from "./port-question.ts";
import { findWho, type Who } from "./who.ts";

export interface Answer {
  readonly from: string;
  readonly to: string;
  readonly port: string | undefined;
  /** Partly: some of the pairs that are asked about are allowed, and others are denied. */
  readonly verdict: Word | "partly";
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

/** So many pairs can be asked about at once. */
const mostPairs = 100_000;

/** Answers whether some reach others, and why. */
export function answer(
  picture: Picture,
  question: { readonly from: string; readonly to: string; readonly port?: string | undefined },
): Answer | { readonly problems: readonly Problem[] } {
  const [from, to] = [findWho(picture, "--from", question.from), findWho(picture, "--to", question.to)];
  const port = question.port === undefined ? undefined : readPort(question.port);
  const problems = [from, to, port].flatMap((one) => (one && "problem" in one ? [one.problem] : []));
  if ("problem" in from || "problem" in to || (port && "problem" in port)) return { problems };
  if (from.ends.length * to.ends.length > mostPairs) {
    const message = `${from.ends.length} × ${to.ends.length} pairs are too many to be told apart`;
    return {
      problems: [{ path: "--from, --to", message, remedy: "ask for one namespace, or for all flows" }],
    };
  }
  const found = port ? askPort(picture, from, to, port) : askPorts(picture, from, to);
  if ("problem" in found) return { problems: [found.problem] };
  const words = new Set(found.findings.map(({ verdict }) => verdict));
  const [only = "denied"] = words;
  const isOne = words.size <= 1;
  return {
    from: from.text,
    to: to.text,
    port: question.port,
    verdict: isOne ? only : words.has("unknown") ? "unknown" : port ? "partly" : "allowed",
    findings: found.findings,
    notes: [...from.notes, ...to.notes, ...found.notes],
  };
}

interface Found {
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

function askPort(
  picture: Picture,
  from: Who,
  to: Who,
  port: AskedPort,
): Found | { readonly problem: Problem } {
  const services = picture.inventory.services;
  const notes = new Set<string>();
  const collected = new Pairs(picture);
  let isServices = false;
  for (const destination of to.ends) {
    const { group } = destination;
    const ports = portsAt(port, group, to.service);
    const hint =
      group && !to.service
        ? serviceHint(
            port,
            group,
            services.filter((service) => selects(service, group)),
          )
        : undefined;
    if (hint !== undefined) {
      notes.add(hint);
      isServices = true;
    }
    if (to.service && ports.length > 0)
      notes.add(`Its port ${port.text} is ${words(ports)} of ${destination.name}`);
    for (const source of from.ends) {
      for (const one of ports) collected.add(source, destination, one, words([one]));
    }
  }
  if (collected.isEmpty) {
    return {
      problem: noPort(
        port,
        to.ends.flatMap(({ group }) => group ?? []),
        to.service,
      ),
    };
  }
  const findings = collected.findings();
  // To open the port that was asked for would help nobody.
  return {
    findings: isServices ? findings.map((one) => ({ ...one, additions: [] })) : findings,
    notes: [...notes],
  };
}

/** Without a port: all by which they reach each other, or why by none. */
function askPorts(picture: Picture, from: Who, to: Who): Found {
  const names = [...from.ends, ...to.ends].flatMap(({ end }) => ("fqdn" in end ? [end.fqdn] : []));
  const between = passingBetween(picture.world, names);
  const collected = new Pairs(picture);
  for (const destination of to.ends) {
    for (const source of from.ends) {
      const { surely, perhaps } = between(source.end, destination.end);
      const ranges = [surely, subtract(perhaps, surely)].flatMap(rangesOf);
      for (const { first, text } of ranges.slice(0, mostRanges))
        collected.add(source, destination, first, text);
      if (ranges.length > 0) continue;
      // What the pods answer on is denied for the reason that one looks for.
      const [declared] = destination.group?.ports ?? [];
      collected.add(source, destination, declared ?? { protocol: "TCP", port: 80 }, "every port");
    }
  }
  return { findings: collected.findings(), notes: [] };
}

const mostRanges = 16;

/** The ranges of a set, each with a port to ask about. */
function rangesOf(ports: PortSet): { first: PodPort; text: string }[] {
  const all = (["TCP", "UDP", "SCTP"] as const).flatMap((protocol, i) => {
    const found: { protocol: Protocol; set: PortSet; port: number }[] = [];
    for (let k = 0; k + 1 < ports.length; k += 2) {
      const from = Math.max((ports[k] ?? 0) - i * span, 0);
      const to = Math.min((ports[k + 1] ?? 0) - i * span, span) - 1;
      if (from <= to) found.push({ protocol, set: portRange(protocol, from, to), port: Math.max(from, 1) });
    }
    return found;
  });
  const text = portWords(ports);
  const [one] = all;
  if (text === "every port" && one) return [{ first: one, text }];
  return all.map(({ set, ...first }) => ({ first, text: portWords(set) }));
}
const span = 65_536;

const words = (ports: readonly PodPort[]): string =>
  ports.map(({ protocol, port }) => `${protocol} ${port}`).join(", ");
