import { goDuration, goInteger } from "./go-values.ts";
import { hasVariable } from "./keys.ts";
import type { Judgement } from "./expand.ts";
import { place } from "./place.ts";
import type { Directive, Token } from "./types.ts";

/** A value and where it was given. */
export interface Given<T> {
  readonly value: T;
  readonly token: Token;
}

/** One half of a cache: positive answers (`success`) or negative ones (`denial`). */
export interface CacheHalf {
  /** As given; absent means CoreDNS' default, 9984. */
  readonly capacity?: Given<number> | undefined;
  /** Entries that CoreDNS really makes of it; undefined where a variable hides the capacity. */
  readonly entries?: number | undefined;
  /** The longest that an entry is kept, in seconds, as given. */
  readonly ttl?: Given<number> | undefined;
  /** The longest that an entry is kept, defaults applied; undefined where a variable hides it. */
  readonly ttlSeconds?: number | undefined;
  /** Zones that this half leaves out; `.` for all. */
  readonly disabled: readonly string[];
}

/** What a `cache` directive says. Read by {@link readCache}. */
export interface CacheSettings extends Judgement {
  readonly directive: Directive;
  /** Zones it caches; none means those of the server block. */
  readonly zones: readonly string[];
  readonly success: CacheHalf;
  readonly denial: CacheHalf;
  /** How long an expired answer may still be served, in seconds; absent when it may not. */
  readonly serveStale?: Given<number> | undefined;
}

/** CoreDNS' defaults: entries of each half, and the longest TTL in seconds. */
export const cacheDefaults = { entries: 9984, successTtlSeconds: 3600, denialTtlSeconds: 1800 } as const;

/**
 * Entries that CoreDNS makes of a capacity: 256 shards of equal size, at least 4 in each.
 * A negative capacity is accepted and becomes the minimum, 1024; there is no upper bound.
 *
 * @param capacity - absent for CoreDNS' default
 * @see https://github.com/coredns/coredns/blob/v1.15.0/plugin/pkg/cache/cache.go
 */
export function effectiveCapacity(capacity: number = cacheDefaults.entries): number {
  return Math.max(Math.floor(capacity / 256), 4) * 256;
}

/**
 * Reads a `cache` directive (snippets in place) as CoreDNS 1.15 does:
 * `cache [TTL] [ZONES...] { success CAPACITY [TTL] [MINTTL]; denial …; serve_stale [DURATION] … }`.
 * A first argument that is no number is a zone. MINTTL never outlasts TTL, so only TTL counts here.
 */
export function readCache(directive: Directive, file: string): CacheSettings {
  return new CacheReader(directive, file).read();
}

class CacheReader {
  readonly problems: Judgement["problems"] = [];
  readonly unknowns: Judgement["unknowns"] = [];
  private readonly directive: Directive;
  private readonly file: string;

  constructor(directive: Directive, file: string) {
    this.directive = directive;
    this.file = file;
  }

  read(): CacheSettings {
    const { args } = this.directive;
    const [first, ...rest] = args;
    const hasTtl = first !== undefined && (goInteger(first.text) !== undefined || hasVariable(first.text));
    const ttl = hasTtl ? this.ttl(first) : undefined;
    const halves = { success: this.half(ttl, "success"), denial: this.half(ttl, "denial") };
    let serveStale: CacheSettings["serveStale"];

    for (const option of this.options()) {
      const name = option.name.text;
      if (name === "success" || name === "denial") {
        halves[name] = { ...halves[name], ...this.capacityLine(option, halves[name]) };
      } else if (name === "disable") {
        this.disable(option, halves);
      } else if (name === "serve_stale") {
        serveStale = this.duration(option, 0, { value: 3600, token: option.name });
      } else if (name === "servfail") {
        this.servfail(option);
      }
    }
    return {
      directive: this.directive,
      zones: (hasTtl ? rest : args).map(({ text }) => text),
      ...halves,
      serveStale,
      problems: this.problems,
      unknowns: this.unknowns,
    };
  }

  private options(): Directive[] {
    return (this.directive.block?.lines ?? []).filter((line) => line.kind === "directive");
  }

  private half(ttl: Reading | undefined, kind: "success" | "denial"): CacheHalf {
    const longest = kind === "success" ? cacheDefaults.successTtlSeconds : cacheDefaults.denialTtlSeconds;
    return { entries: effectiveCapacity(), disabled: [], ...asTtl(ttl, longest) };
  }

  private capacityLine({ name, args }: Directive, before: CacheHalf): Partial<CacheHalf> {
    const [capacityToken, ttlToken, minTtlToken] = args;
    if (!capacityToken) {
      this.refuse(name, `${name.text} of cache has no capacity`, `write ${name.text} 9984, or leave it out`);
      return {};
    }
    const capacity = this.integer(capacityToken, `Capacity of ${name.text}`);
    const ttl = ttlToken && asTtl(this.ttl(ttlToken), before.ttlSeconds);
    if (minTtlToken) this.minTtl(minTtlToken);
    return {
      capacity: capacity.given,
      entries: capacity.hidden ? undefined : effectiveCapacity(capacity.given?.value),
      ...ttl,
    };
  }

  private disable(option: Directive, halves: Record<"success" | "denial", CacheHalf>): void {
    const [kind, ...zones] = option.args;
    if (kind?.text !== "success" && kind?.text !== "denial") {
      const given = kind ? `disables "${kind.text}"` : "disables nothing";
      this.refuse(kind ?? option.name, `cache ${given}`, "write disable success or disable denial");
      return;
    }
    const disabled = zones.length === 0 ? ["."] : zones.map(({ text }) => text);
    halves[kind.text] = { ...halves[kind.text], disabled };
  }

  private servfail(option: Directive): void {
    const given = this.duration(option, 0, undefined);
    if (given && given.value > 300) {
      this.refuse(
        given.token,
        `servfail ${given.token.text} is over 5 minutes`,
        "use 5s (the default), at most 5m",
      );
    }
  }

  private ttl(token: Token): Reading {
    const ttl = this.integer(token, "TTL of cache");
    if (ttl.given && ttl.given.value <= 0) {
      this.refuse(token, `TTL ${token.text} of cache is not positive`, "use seconds from 1, such as 30");
    }
    return ttl;
  }

  private minTtl(token: Token): void {
    const least = this.integer(token, "Minimum TTL of cache");
    if (least.given && least.given.value < 0) {
      this.refuse(token, `Minimum TTL ${token.text} of cache is negative`, "use seconds from 0, such as 5");
    }
  }

  private integer(token: Token, what: string): Reading {
    if (this.isHidden(token, what)) return { hidden: true };
    const value = goInteger(token.text);
    if (value !== undefined) return { given: { value, token } };
    this.refuse(token, `${what} "${token.text}" is no whole number`, "write digits only, without unit");
    return {};
  }

  private duration<D>({ name, args }: Directive, index: number, otherwise: D): Given<number> | D | undefined {
    const token = args[index];
    if (!token) return otherwise;
    if (this.isHidden(token, name.text)) return undefined;
    const value = goDuration(token.text);
    if (value !== undefined && value >= 0) return { value, token };
    this.refuse(
      token,
      `${name.text} "${token.text}" is no duration`,
      "write a number with its unit, such as 1h or 30s",
    );
    return undefined;
  }

  private isHidden(token: Token, what: string): boolean {
    if (!hasVariable(token.text)) return false;
    this.unknowns.push({
      path: place(this.file, token.at),
      message: `${what} ${token.text} comes from the environment of CoreDNS`,
      remedy: "write the number itself, so that it can be judged",
    });
    return true;
  }

  private refuse(token: Token, message: string, remedy: string): void {
    this.problems.push({ path: place(this.file, token.at), message, remedy });
  }
}

/** A number that is given, hidden in a variable, or (neither) not to be read. */
interface Reading {
  readonly given?: Given<number>;
  readonly hidden?: true;
}

function asTtl(
  ttl: Reading | undefined,
  otherwise: number | undefined,
): Pick<CacheHalf, "ttl" | "ttlSeconds"> {
  if (!ttl) return { ttlSeconds: otherwise };
  return { ttl: ttl.given, ttlSeconds: ttl.hidden ? undefined : (ttl.given?.value ?? otherwise) };
}
