import type { Problem } from "../problem.ts";
import { hasVariable } from "./keys.ts";
import { place } from "./place.ts";
import type { Corefile, Directive, Import, Line, ServerBlock, Snippet, Token } from "./types.ts";

/** What a judgement found, and what it could not see. */
export interface Judgement {
  /** What is wrong. */
  readonly problems: Problem[];
  /** What cannot be known from the text: imported files, environment variables. */
  readonly unknowns: Problem[];
}

/** A server block as CoreDNS sees it, with its snippets in place. */
export interface Server {
  readonly keys: readonly Token[];
  /** Plugins in the order of the text; snippets within their blocks are in place, too. */
  readonly directives: readonly Directive[];
  /** Imports of files: what they bring cannot be seen. */
  readonly hidden: readonly Import[];
}

export interface Expanded extends Judgement {
  readonly servers: readonly Server[];
}

/** CoreDNS' own bound; it refuses a Corefile that expands more imports. */
const mostExpansions = 10_000;

/**
 * Puts snippets where they are imported, as CoreDNS does before any plugin sees its lines. Directives
 * from a snippet keep their own position. Imports of files go to `unknowns`, once each.
 */
export function expandCorefile(corefile: Corefile): Expanded {
  const expander = new Expander(corefile);
  const servers: Server[] = [];
  for (const item of corefile.items) {
    if (item.kind === "snippet") expander.snippets.set(item.name, item);
    else if (item.kind === "server") servers.push(expander.server(item.keys, item.lines));
    else {
      // A snippet at the top level holds whole server blocks, which read like directives with a block.
      for (const line of expander.lines([item])) {
        if (line.kind === "directive")
          servers.push(expander.server([line.name, ...line.args], line.block?.lines ?? []));
      }
    }
  }
  return { servers, problems: expander.problems, unknowns: expander.unknowns };
}

/** The snippets that an import at this place can name: CoreDNS knows only those defined above it. */
export function snippetsAbove(corefile: Corefile, block: ServerBlock): Map<string, Snippet> {
  const above = corefile.items.slice(0, corefile.items.indexOf(block));
  return new Map(above.flatMap((item) => (item.kind === "snippet" ? [[item.name, item]] : [])));
}

class Expander {
  readonly snippets = new Map<string, Snippet>();
  readonly problems: Problem[] = [];
  readonly unknowns: Problem[] = [];
  private readonly file: string;
  private readonly later: ReadonlyMap<string, Snippet>;
  private readonly seen = new Set<Import>();
  private expansions = 0;

  constructor({ file, items }: Corefile) {
    this.file = file;
    this.later = new Map(items.flatMap((item) => (item.kind === "snippet" ? [[item.name, item]] : [])));
  }

  server(keys: readonly Token[], raw: readonly Line[]): Server {
    const lines = this.lines(raw);
    return {
      keys,
      directives: lines.filter((line) => line.kind === "directive"),
      hidden: lines.filter((line) => line.kind === "import"),
    };
  }

  /** Lines with their snippets in place; what stays an import is a file. */
  lines(lines: readonly Line[], around: readonly string[] = []): Line[] {
    return lines.flatMap((line): Line[] => {
      if (line.kind === "directive") {
        if (!line.block) return [line];
        return [{ ...line, block: { ...line.block, lines: this.lines(line.block.lines, around) } }];
      }
      const snippet = this.snippets.get(line.target.text);
      if (!snippet) {
        this.reportHidden(line);
        return [line];
      }
      if (around.includes(snippet.name) || ++this.expansions > mostExpansions) {
        this.reportCycle(line, snippet, around);
        return [];
      }
      return this.lines(snippet.lines, [...around, snippet.name]);
    });
  }

  private reportHidden(line: Import): void {
    if (this.seen.has(line)) return;
    this.seen.add(line);
    const name = line.target.text;
    const path = place(this.file, line.target.at);
    const later = this.later.get(name);
    if (later) {
      this.problems.push({
        path,
        message: `Snippet ${name} is imported above its definition (line ${later.key.at.line}), where CoreDNS does not know it`,
        remedy: "move the snippet above the block that imports it",
      });
    } else if (hasVariable(name)) {
      this.unknowns.push({
        path,
        message: `What import ${name} brings depends on the environment of CoreDNS`,
        remedy: "name the snippet or file itself, so that it can be judged",
      });
    } else {
      this.unknowns.push({
        path,
        message: `import ${name} names no snippet, and its files are only seen by CoreDNS`,
        remedy: "judge the imported files by themselves, or write their lines here",
      });
    }
  }

  private reportCycle(line: Import, { name }: Snippet, around: readonly string[]): void {
    if (this.seen.has(line)) return;
    this.seen.add(line);
    this.problems.push({
      path: place(this.file, line.target.at),
      message: around.includes(name)
        ? `Snippet ${name} imports itself: ${[...around, name].join(" → ")}`
        : `Imports expand to more than ${mostExpansions} snippets, which CoreDNS refuses`,
      remedy: "take the import out of the snippet",
    });
  }
}
