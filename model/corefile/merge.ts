import type { Problem } from "../problem.ts";
import { serverName } from "./cost.ts";
import { expandCorefile } from "./expand.ts";
import { hasVariable, normalZone, servedBy } from "./keys.ts";
import { restyle, splitTrailing, styleOf } from "./layout.ts";
import { zonesOf } from "./merge-directive.ts";
import { mergeServer } from "./merge-server.ts";
import { parseCorefile } from "./parse.ts";
import { place } from "./place.ts";
import { describeLine, printCorefile } from "./print.ts";
import type { Corefile, Directive, Item, Line, ServerBlock, Token } from "./types.ts";

/** What a merge did, in sentences for people; nothing goes without standing here. */
export interface MergeReport {
  /** What is theirs and stays: `.:53: hosts /etc/coredns/NodeHosts { … }`. */
  readonly kept: string[];
  /** What ours took the place of: `.:53: prometheus 0.0.0.0:9153 → prometheus :9153`. */
  readonly replaced: string[];
  /** What was not there: `.:53: loop`. */
  readonly added: string[];
  /** What stands against the merge and was left as it is. */
  readonly problems: Problem[];
  /** What could not be seen, and might conflict: imported files, variables. */
  readonly unknowns: Problem[];
}

export interface MergedCorefile extends MergeReport {
  /** Positions are those in its own text. */
  readonly corefile: Corefile;
}

/**
 * Lays our tuning over a Corefile. Each of our server blocks is merged into theirs for the same zone
 * and port, or added; within it each of our plugins takes the place of theirs of that name, with what
 * theirs says beyond ours, or is added at the end. All else, comments included, stays as it is.
 *
 * Three things of theirs outrank ours: explicit upstreams outrank our default `/etc/resolv.conf`,
 * a fallthrough for more zones than ours, and `pods verified` where autopath needs it. A different
 * cluster domain is a problem, and their kubernetes directive stays untouched.
 *
 * Merging twice changes nothing. But what an older setting of ours left behind cannot be told from
 * theirs: `existing` should be the Corefile from before us, not our own last one.
 *
 * @param existing - the cluster's Corefile, without problems from {@link parseCorefile} at best;
 *   one-line blocks of plugins that ours has are mended
 * @param tuned - from `tunedCorefile`
 */
export function mergeCorefile(existing: Corefile, tuned: Corefile): MergedCorefile {
  const report: MergeReport = { kept: [], replaced: [], added: [], problems: [], unknowns: [] };
  let merged = existing;
  const touched = new Set<Item>();
  for (const ours of tuned.items) {
    if (ours.kind !== "server") continue;
    const server = withoutForeignKubernetes(ours, existing, report);
    const theirs = matching(existing, ours);
    if (theirs && touched.has(theirs)) {
      report.problems.push(sharedBlock(existing, theirs, ours));
    } else if (theirs) {
      touched.add(theirs);
      merged = mergeServer(merged, theirs, server, report);
    } else if (!isServedUnseen(existing, ours, report)) {
      merged = appended(merged, server);
      report.added.push(`server block ${serverName(server)}`);
    }
  }
  for (const item of existing.items) {
    if (!touched.has(item)) report.kept.push(describeItem(item));
  }
  const text = printCorefile(merged);
  return { ...report, corefile: parseCorefile(text, existing.file).corefile ?? merged };
}

/** Their block for one of our zones and ports: the first without a view, which answers for some clients only. */
function matching({ items }: Corefile, ours: ServerBlock): ServerBlock | undefined {
  return items
    .filter((item) => item.kind === "server")
    .find(
      (item) => !item.lines.some((line) => isDirective(line, "view")) && sharesZone(item.keys, ours.keys),
    );
}

function sharesZone(a: readonly Token[], b: readonly Token[]): boolean {
  const served = new Set(a.flatMap(({ text }) => servedBy(text)));
  return b.some(({ text }) => servedBy(text).some((name) => served.has(name)));
}

/** Two blocks of ours, which forward elsewhere, cannot be laid over one of theirs. */
function sharedBlock({ file }: Corefile, theirs: ServerBlock, ours: ServerBlock): Problem {
  return {
    path: place(file, theirs.keys[0]?.at ?? { line: 1, column: 1 }),
    message: `One server block serves ${serverName(theirs)}, so ${serverName(ours)} cannot be tuned by itself`,
    remedy: "give each of the zones a block of its own",
  };
}

/** Whether our zone is served by a snippet, which cannot be merged; and what else could serve it, unseen. */
function isServedUnseen(existing: Corefile, ours: ServerBlock, report: MergeReport): boolean {
  const name = serverName(ours);
  const inSnippet = expandCorefile(existing).servers.find(
    ({ keys, directives }) =>
      !directives.some((line) => isDirective(line, "view")) && sharesZone(keys, ours.keys),
  );
  const [key] = inSnippet?.keys ?? [];
  if (key) {
    report.problems.push({
      path: place(existing.file, key.at),
      message: `Server block ${name} comes from a snippet, where it cannot be tuned by itself`,
      remedy: "write the block in place of the import",
    });
    return true;
  }
  const snippets = new Set(existing.items.map((item) => (item.kind === "snippet" ? item.name : undefined)));
  for (const item of existing.items) {
    const hidden =
      item.kind === "import" && !snippets.has(item.target.text)
        ? item.target
        : item.kind === "server" && item.keys.find(({ text }) => hasVariable(text));
    if (!hidden) continue;
    report.unknowns.push({
      path: place(existing.file, hidden.at),
      message: `${hidden.text} may serve ${name}, too, which is added here`,
      remedy: "see that it does not: CoreDNS refuses a zone and port that two blocks serve",
    });
  }
  return false;
}

/** Our block without its kubernetes plugin where another block of theirs has the cluster's domain already. */
function withoutForeignKubernetes(ours: ServerBlock, existing: Corefile, report: MergeReport): ServerBlock {
  const kubernetes = ours.lines.find((line) => isDirective(line, "kubernetes"));
  const domain = kubernetes?.kind === "directive" ? kubernetes.args[0]?.text : undefined;
  if (domain === undefined) return ours;
  const own = matching(existing, ours);
  const other = existing.items
    .filter((item) => item.kind === "server")
    .find((item) => item !== own && servesDomain(item, normalZone(domain)));
  if (!other || own?.lines.some((line) => isDirective(line, "kubernetes"))) return ours;
  report.kept.push(
    `server block ${serverName(other)} serves ${domain}, so ${serverName(ours)} gets no kubernetes`,
  );
  return { ...ours, lines: ours.lines.filter((line) => line !== kubernetes) };
}

function servesDomain({ keys, lines }: ServerBlock, domain: string): boolean {
  const plugins = lines.filter((line): line is Directive => isDirective(line, "kubernetes"));
  const served = [...keys, ...plugins.flatMap(({ args }) => args)].flatMap(({ text }) => zonesOf(text));
  return served.includes(domain);
}

function isDirective(line: Line, name: string): boolean {
  return line.kind === "directive" && line.name.text === name;
}

function appended(corefile: Corefile, server: ServerBlock): Corefile {
  const style = styleOf(corefile);
  const { eol, step } = style;
  const { kept, left } = splitTrailing(corefile.after, eol);
  const isFirst = corefile.items.length === 0;
  const gap = isFirst && kept === "" ? "" : isFirst ? eol : eol + eol;
  const [key, ...more] = server.keys;
  const block: ServerBlock = {
    ...server,
    keys: key ? [{ ...key, before: kept + gap }, ...more] : more,
    open: server.open && { ...server.open, before: " " },
    lines: server.lines.map((line) => restyle(line, step, style)),
    close: server.close && { ...server.close, before: eol },
  };
  return { ...corefile, items: [...corefile.items, block], after: left };
}

function describeItem(item: Item): string {
  if (item.kind === "import") return describeLine(item);
  return item.kind === "snippet" ? `snippet ${item.key.text}` : `server block ${serverName(item)}`;
}
