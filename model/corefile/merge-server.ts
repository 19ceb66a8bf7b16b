import { serverName } from "./cost.ts";
import { snippetsAbove } from "./expand.ts";
import { hasVariable } from "./keys.ts";
import {
  appendLines,
  firstToken,
  indentOf,
  restyle,
  styleOf,
  type Style,
  withBefore,
  word,
} from "./layout.ts";
import { type MergePlace, mergeDirective, zonesOf } from "./merge-directive.ts";
import type { MergeReport } from "./merge.ts";
import { place } from "./place.ts";
import { oncePerServer } from "./plugins.ts";
import { describeLine } from "./print.ts";
import type { Corefile, Directive, Line, ServerBlock, Snippet } from "./types.ts";

/**
 * Lays one server block of ours over theirs.
 * @param theirs - a block of the Corefile
 * @returns the Corefile with the merged block in its place
 */
export function mergeServer(
  corefile: Corefile,
  theirs: ServerBlock,
  ours: ServerBlock,
  report: MergeReport,
): Corefile {
  return new ServerMerge(corefile, theirs, report).merge(
    ours.lines.filter((line) => line.kind === "directive"),
  );
}

class ServerMerge {
  private readonly corefile: Corefile;
  private readonly theirs: ServerBlock;
  private readonly report: MergeReport;
  private readonly style: Style;
  private readonly where: string;
  private readonly snippets: ReadonlyMap<string, Snippet>;

  constructor(corefile: Corefile, theirs: ServerBlock, report: MergeReport) {
    this.corefile = corefile;
    this.theirs = theirs;
    this.report = report;
    this.style = styleOf(corefile);
    this.where = serverName(theirs);
    this.snippets = snippetsAbove(corefile, theirs);
  }

  merge(ours: readonly Directive[]): Corefile {
    const { theirs, report } = this;
    const names = new Set(ours.map(({ name }) => name.text));
    const lines = this.inlined(theirs.lines, names, this.indent(theirs.lines));
    const inLines: MergePlace = {
      where: this.where,
      indent: this.indent(lines),
      style: this.style,
      hasAutopath: lines.some((line) => line.kind === "directive" && line.name.text === "autopath"),
    };
    const found = new Set<Directive>();
    const merged = lines.map((line): Line => {
      const wanted =
        line.kind === "directive" ? ours.find((each) => !found.has(each) && isSame(each, line)) : undefined;
      if (line.kind === "import" || !wanted) {
        report.kept.push(`${this.where}: ${describeLine(line)}`);
        return line;
      }
      found.add(wanted);
      if (wanted.name.text === "kubernetes" && this.isOtherCluster(line, wanted)) {
        report.kept.push(`${this.where}: ${describeLine(line)}`);
        return line;
      }
      return mergeDirective(this.withInlinedOptions(line, wanted, inLines), wanted, inLines, report);
    });
    const missing = ours.filter((each) => !found.has(each));
    for (const each of missing) report.added.push(`${this.where}: ${describeLine(each)}`);
    this.reportHidden(lines, missing);
    return this.withLines(merged, missing, inLines.indent);
  }

  private withLines(merged: readonly Line[], missing: readonly Line[], indent: string): Corefile {
    const { corefile, theirs, style } = this;
    const isOpenEnded = theirs.close === undefined;
    const trailing = theirs.close?.before ?? corefile.after;
    const appended = appendLines(merged, missing, trailing, indent, style);
    const close = theirs.close && { ...theirs.close, before: appended.trailing };
    const block = { ...theirs, lines: appended.lines, close };
    return {
      ...corefile,
      items: corefile.items.map((item) => (item === theirs ? block : item)),
      after: isOpenEnded ? appended.trailing : corefile.after,
    };
  }

  private indent(lines: readonly Line[]): string {
    const [first] = lines.map((line) => indentOf(firstToken(line))).filter((indent) => indent !== undefined);
    return first ?? (this.theirs.open ? this.style.step : "");
  }

  /** Snippets that hold a directive of ours are written out here, so that other blocks keep theirs. */
  private inlined(lines: readonly Line[], names: ReadonlySet<string>, indent: string): Line[] {
    return lines.flatMap((line): Line[] => {
      const snippet = line.kind === "import" ? this.snippets.get(line.target.text) : undefined;
      if (!snippet || !this.holds(snippet, names, new Set())) return [line];
      this.report.replaced.push(
        `${this.where}: ${describeLine(line)} → the lines of snippet ${snippet.key.text}`,
      );
      const [first, ...rest] = snippet.lines.map((each) => restyle(each, indent, this.style));
      const inPlace = first ? [withBefore(first, firstToken(line).before), ...rest] : [];
      return this.inlined(inPlace, names, indent);
    });
  }

  private withInlinedOptions(theirs: Directive, ours: Directive, { indent }: MergePlace): Directive {
    const options = (ours.block?.lines ?? []).filter((line) => line.kind === "directive");
    const names = new Set(options.map(({ name }) => name.text));
    if (!theirs.block || names.size === 0) return theirs;
    const lines = this.inlined(theirs.block.lines, names, indent + this.style.step);
    for (const line of lines) {
      if (line.kind !== "import" || this.snippets.has(line.target.text)) continue;
      this.report.unknowns.push({
        path: place(this.corefile.file, line.target.at),
        message: `import ${line.target.text} may set options of ${theirs.name.text} that are set here, too`,
        remedy: `see that it sets none of ${[...names].join(", ")}`,
      });
    }
    return { ...theirs, block: { ...theirs.block, lines } };
  }

  /** Whether a snippet, or one that it imports, holds one of these directives. A cycle holds nothing. */
  private holds(snippet: Snippet, names: ReadonlySet<string>, around: ReadonlySet<Snippet>): boolean {
    if (around.has(snippet)) return false;
    return snippet.lines.some((line) => {
      if (line.kind === "directive") return names.has(line.name.text);
      const inner = this.snippets.get(line.target.text);
      return inner !== undefined && this.holds(inner, names, new Set([...around, snippet]));
    });
  }

  private isOtherCluster(theirs: Directive, ours: Directive): boolean {
    const zones = theirs.args.length > 0 ? theirs.args : this.theirs.keys;
    const hidden = zones.find(({ text }) => hasVariable(text));
    const domain = ours.args[0] ?? word("cluster.local");
    const known = new Set(zones.flatMap(({ text }) => zonesOf(text)));
    if (zonesOf(domain.text).every((zone) => known.has(zone))) return false;
    const path = place(this.corefile.file, (zones[0] ?? theirs.name).at);
    if (hidden) {
      this.report.unknowns.push({
        path,
        message: `Whether ${hidden.text} is the cluster domain ${domain.text} is known to CoreDNS alone`,
        remedy: `see that it is, or write ${domain.text} in its place`,
      });
      return false;
    }
    this.report.problems.push({
      path,
      message: `kubernetes serves ${zones.map(({ text }) => text).join(" ")}, not the cluster domain ${domain.text}`,
      remedy: "set clusterDomain to the domain of the cluster (clusterDomain of its kubelets)",
    });
    return true;
  }

  /** A file that is imported into the block may hold what is added to it. */
  private reportHidden(lines: readonly Line[], missing: readonly Directive[]): void {
    const once = missing.map(({ name }) => name.text).filter((name) => oncePerServer.has(name));
    if (once.length === 0) return;
    for (const line of lines) {
      if (line.kind !== "import" || this.snippets.has(line.target.text)) continue;
      this.report.unknowns.push({
        path: place(this.corefile.file, line.target.at),
        message: `import ${line.target.text} may hold ${once.join(", ")}, too, which is added here`,
        remedy: "see that it does not: CoreDNS refuses these plugins twice in a block",
      });
    }
  }
}

/** The same plugin, and of forwards the same zone: a forward for another zone is something else. */
function isSame(ours: Directive, theirs: Directive): boolean {
  if (ours.name.text !== theirs.name.text) return false;
  if (ours.name.text !== "forward") return true;
  const [from, other] = [ours.args[0], theirs.args[0]];
  return from !== undefined && other !== undefined && zonesOf(from.text)[0] === zonesOf(other.text)[0];
}
