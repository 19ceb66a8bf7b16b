import { type CacheLimits, judgeCaches } from "./corefile/judge-caches.ts";
import { parseCorefile } from "./corefile/parse.ts";
import { pluginsSince } from "./corefile/plugins.ts";
import type { Problem } from "./problem.ts";
import { asEntries, at, type Tree } from "./tree.ts";
import { combine, HOLDS, UNKNOWN, type Maybe, type Verdict } from "./verdict.ts";

/** A ConfigMap that may hold Corefiles. */
export interface ConfigMapFacts {
  /** For messages: `ConfigMap kube-system/coredns`. */
  readonly where: string;
  readonly name: Maybe<string | undefined>;
  /** `data` and `binaryData`. */
  readonly object: Tree;
}

/** How a key's text is to be read. */
type Reading = "corefile" | "directives" | "perhaps a corefile";

/**
 * Judges every Corefile of a ConfigMap: that it loads, and that its caches are bounded.
 * Corefiles are the keys `Corefile` and `Corefile.*` (NodeLocal DNSCache), in a ConfigMap
 * for DNS also `*.server` and, as lines for the main server block, `*.override`
 * (`coredns-custom` of AKS, k3s and others); and any text that reads as server blocks
 * made of nothing but plugins of CoreDNS.
 */
export function judgeConfigMap(map: ConfigMapFacts, limits: Partial<CacheLimits>): Verdict {
  const sections = ["data", "binaryData"] as const;
  return combine(sections.map((section) => judgeSection(map, section, limits)));
}

function judgeSection(
  map: ConfigMapFacts,
  section: "data" | "binaryData",
  limits: Partial<CacheLimits>,
): Verdict {
  const isForDns = typeof map.name === "string" && /dns/i.test(map.name);
  const entries = asEntries(at(map.object, section));
  if (entries === UNKNOWN) return isForDns ? hidden(map.where, section) : HOLDS;
  return combine(
    entries.map(([key, value]) => {
      const reading = readingOf(key, isForDns);
      if (value === UNKNOWN) {
        return isForDns || reading !== "perhaps a corefile" ? hidden(map.where, `${section}.${key}`) : HOLDS;
      }
      if (typeof value !== "string") return HOLDS;
      const text = section === "data" ? value : Buffer.from(value, "base64").toString();
      return judgeText(text, `${map.where}, ${key}`, reading, limits);
    }),
  );
}

function readingOf(key: string, isForDns: boolean): Reading {
  if (/^Corefile(\.|$)/.test(key)) return "corefile";
  if (isForDns && key.endsWith(".server")) return "corefile";
  return isForDns && key.endsWith(".override") ? "directives" : "perhaps a corefile";
}

function judgeText(text: string, file: string, reading: Reading, limits: Partial<CacheLimits>): Verdict {
  if (reading === "directives") return movedUp(judgeCorefile(`.:53 {\n${text}\n}`, file, limits));
  if (reading === "perhaps a corefile" && !looksLikeCorefile(text)) return HOLDS;
  return judgeCorefile(text, file, limits);
}

function judgeCorefile(text: string, file: string, limits: Partial<CacheLimits>): Verdict {
  const { corefile, problems: unreadable } = parseCorefile(text, file);
  const { problems, unknowns } = corefile ? judgeCaches(corefile, limits) : { problems: [], unknowns: [] };
  return {
    problems: [...unreadable, ...problems],
    unknowns: unknowns.map(({ path, message }) => ({ path, reason: message })),
  };
}

/** Takes back the line that was put above the text. */
function movedUp({ problems, unknowns }: Verdict): Verdict {
  const move = <T extends Pick<Problem, "path">>(item: T): T => ({
    ...item,
    path: item.path.replace(/:(\d+):(\d+)$/, (_, line: string, column) => `:${Number(line) - 1}:${column}`),
  });
  return { problems: problems.map(move), unknowns: unknowns.map(move) };
}

function looksLikeCorefile(text: string): boolean {
  const servers = parseCorefile(text).corefile?.items.filter((item) => item.kind === "server") ?? [];
  return (
    servers.length > 0 &&
    servers.every(({ open, lines }) => {
      const plugins = lines.filter((line) => line.kind === "directive");
      return (
        open !== undefined && plugins.length > 0 && plugins.every(({ name }) => pluginsSince.has(name.text))
      );
    })
  );
}

function hidden(path: string, field: string): Verdict {
  return { problems: [], unknowns: [{ path, reason: `\`${field}\` is not known yet` }] };
}
