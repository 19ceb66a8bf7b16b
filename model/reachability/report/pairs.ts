import { UNKNOWN } from "../../verdict.ts";
import { type ConnectionVerdict, judge, type RuleReference, type SideVerdict } from "../verdict.ts";
import { type Addition, additionsFor } from "./addition.ts";
import { doubtsAbout, type Picture } from "./picture.ts";
import type { PodPort } from "./port-question.ts";
import type { NamedEnd } from "./who.ts";

/** Unknown where a policy was not understood. */
export type Word = "allowed" | "denied" | "unknown";

/** What one end's policies have to do with it. */
export interface SideAnswer {
  readonly verdict: Word;
  readonly isolatedBy: readonly string[];
  readonly allowedBy: readonly RuleReference[];
  readonly deniedBy: readonly RuleReference[];
  readonly reason: string;
}

/** What holds of some pairs on some ports, for the same reasons. */
export interface Finding {
  readonly verdict: Word;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly ports: string;
  readonly egress: SideAnswer;
  readonly ingress: SideAnswer;
  /** What would let it pass, where it is denied: policies that are added, each with what it does. */
  readonly additions: readonly Addition[];
}

/** Judges pairs, and puts together those of which the same holds. */
export class Pairs {
  private readonly picture: Picture;
  private readonly found = new Map<string, Judged>();

  constructor(picture: Picture) {
    this.picture = picture;
  }

  get isEmpty(): boolean {
    return this.found.size === 0;
  }

  /** @param ports - in words; the answer for `port` stands for all of them */
  add(from: NamedEnd, to: NamedEnd, port: PodPort, ports: string): void {
    const { same, verdict } = this.judge(from, to, port, ports);
    // By destination, so that each source that is named reaches each destination.
    const key = JSON.stringify([same, to.name]);
    const known = this.found.get(key) ?? { same, verdict, port, from: [], to: [to] };
    known.from.push(from);
    this.found.set(key, known);
  }

  findings(): Finding[] {
    const merged = new Map<string, Judged>();
    for (const one of this.found.values()) {
      const key = JSON.stringify([one.same, one.from.map(({ name }) => name)]);
      const known = merged.get(key);
      if (known) known.to.push(...one.to);
      else merged.set(key, { ...one, to: [...one.to] });
    }
    return [...merged.values()].map((one) => ({
      ...one.same,
      from: one.from.map(({ name }) => name),
      to: one.to.map(({ name }) => name),
      additions: this.additions(one),
    }));
  }

  private judge(
    from: NamedEnd,
    to: NamedEnd,
    port: PodPort,
    ports: string,
  ): Pick<Judged, "same" | "verdict"> {
    const verdict = judge(this.picture.world, { from: from.end, to: to.end, ...port });
    const egress = this.side(verdict.egress, from);
    const ingress = this.side(verdict.ingress, to);
    const both = [egress.verdict, ingress.verdict];
    const word = both.includes("denied") ? "denied" : both.includes("unknown") ? "unknown" : "allowed";
    return { same: { verdict: word, ports, egress, ingress }, verdict };
  }

  /** A policy that was not understood may say otherwise. */
  private side(
    { passes, isolatedBy, allowedBy, deniedBy, reason }: SideVerdict,
    { group }: NamedEnd,
  ): SideAnswer {
    const [doubt] = group && !group.hostNetwork ? doubtsAbout(this.picture, group.namespace) : [];
    const lists = { isolatedBy, allowedBy, deniedBy };
    if (doubt) return { verdict: "unknown", ...lists, reason: `${doubt.problem.path} is not understood` };
    return { verdict: passes === UNKNOWN ? "unknown" : passes ? "allowed" : "denied", ...lists, reason };
  }

  /** Worked out for one pair: for many, nobody can say what is meant. */
  private additions({ same, from, to, port, verdict }: Judged): Addition[] {
    const [source, destination] = [from[0], to[0]];
    const isPair = source && destination && from.length === 1 && to.length === 1;
    return isPair && same.verdict === "denied"
      ? additionsFor(this.picture, source, destination, port, verdict)
      : [];
  }
}

interface Judged {
  readonly same: Omit<Finding, "from" | "to" | "additions">;
  readonly verdict: ConnectionVerdict;
  readonly port: PodPort;
  readonly from: NamedEnd[];
  readonly to: NamedEnd[];
}
