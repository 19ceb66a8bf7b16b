import { goInteger } from "./go-values.ts";
import { hasVariable, normalZone, readKey } from "./keys.ts";
import {
  appendLines,
  emptyBlock,
  firstToken,
  indentOf,
  splitTrailing,
  type Style,
  unfolded,
  withBefore,
  word,
} from "./layout.ts";
import type { MergeReport } from "./merge.ts";
import { describeLine, sameLine } from "./print.ts";
import type { Block, Directive, Line, Token } from "./types.ts";

/** Where a directive is merged. */
export interface MergePlace {
  /** The server block in messages, `.:53`. */
  readonly where: string;
  /** Indentation of the block's directives. */
  readonly indent: string;
  readonly style: Style;
  /** Whether the block has autopath, which needs `pods verified`. */
  readonly hasAutopath: boolean;
}

/**
 * Lays our directive over theirs of the same name. Our arguments and options replace theirs in place;
 * what only theirs has stays. A directive that says the same already is returned as it is.
 */
export function mergeDirective(
  theirs: Directive,
  ours: Directive,
  place: MergePlace,
  report: MergeReport,
): Directive {
  const plugin = ours.name.text;
  const head = { ...theirs, args: reuse(theirs.args, mergedArgs(plugin, theirs.args, ours.args)) };
  if (!sameWords(theirs.args, head.args)) {
    report.replaced.push(`${place.where}: ${headOf(theirs)} → ${headOf(head)}`);
  }
  if (!sameWords(head.args, ours.args)) report.kept.push(`${place.where}: ${headOf(head)}`);
  return ours.block || theirs.block ? withOptions(head, ours.block?.lines ?? [], place, report) : head;
}

function withOptions(
  theirs: Directive,
  ours: readonly Line[],
  place: MergePlace,
  report: MergeReport,
): Directive {
  const { indent, style } = place;
  const label = `${place.where}: ${theirs.name.text}`;
  const found = new Set<string>();
  const lines: Line[] = [];
  let orphaned = ""; // comments of removed lines
  for (const line of theirs.block?.lines ?? []) {
    const wanted = ours.find((each) => sameOption(each, line));
    if (wanted && found.has(firstToken(line).text)) {
      // Of two equal options the last one counts; ours stands in the place of the first.
      report.replaced.push(`${label}: second ${describeLine(line)} → removed`);
      orphaned += splitTrailing(firstToken(line).before, style.eol).kept;
      continue;
    }
    const kept = withBefore(line, orphaned + firstToken(line).before);
    orphaned = "";
    found.add(firstToken(line).text);
    lines.push(wanted?.kind === "directive" ? mergeOption(kept, wanted, theirs, place, report) : kept);
    if (!wanted) report.kept.push(`${label}: ${describeLine(line)}`);
  }
  const missing = ours.filter((each) => each.kind === "directive" && !found.has(each.name.text));
  for (const line of missing) report.added.push(`${label}: ${describeLine(line)}`);
  if (!theirs.block && missing.length === 0) return theirs;

  const block = theirs.block ?? emptyBlock(indent, style);
  const close = { ...block.close, before: orphaned + block.close.before };
  const folded = { ...theirs, block: { ...block, lines, close } };
  const tidy = unfolded(folded, indent, style);
  if (theirs.block && !sameLayout(folded, tidy)) {
    report.replaced.push(`${label}: one-line block → a line for each option`);
  }
  return { ...tidy, block: tidy.block && extended(tidy.block, missing, place) };
}

/** The block with options added behind its last one, as deep as the others. */
function extended(block: Block, added: readonly Line[], { indent, style }: MergePlace): Block {
  const [first] = block.lines;
  const inner = (first && indentOf(firstToken(first))) ?? indent + style.step;
  const { lines, trailing } = appendLines(block.lines, added, block.close.before, inner, style);
  const before = indentOf({ ...block.close, before: trailing }) === undefined ? style.eol + indent : trailing;
  return { ...block, lines, close: { ...block.close, before: added.length === 0 ? trailing : before } };
}

/** Arguments of the merged directive: ours where we say something, and what of theirs does not conflict. */
function mergedArgs(plugin: string, theirs: readonly Token[], ours: readonly Token[]): readonly Token[] {
  // `health {}`: the braces are an argument that nobody meant.
  const meant = theirs.filter(({ text }) => text !== "{}");
  if (ours.length === 0) return meant;
  switch (plugin) {
    case "cache": {
      const [first, ...rest] = meant;
      const hasTtl = first && (goInteger(first.text) !== undefined || hasVariable(first.text));
      return [...ours, ...(hasTtl ? rest : meant)];
    }
    case "forward": {
      // The node's resolv.conf is what everybody starts with; upstreams that somebody chose outrank it.
      const upstreams = meant.slice(1);
      const isDefault = ours.length === 2 && ours[1]?.text === "/etc/resolv.conf";
      return isDefault && upstreams.length > 0 ? meant : ours;
    }
    case "kubernetes":
      return meant.some(({ text }) => hasVariable(text)) ? meant : union(meant, ours);
    default:
      return ours;
  }
}

function mergeOption(
  theirs: Line,
  ours: Directive,
  { name }: Directive,
  place: MergePlace,
  report: MergeReport,
): Line {
  if (theirs.kind === "import") return theirs;
  const merged = mergedOption(name.text, theirs, ours, place);
  const label = `${place.where}: ${name.text}`;
  if (!sameLine(theirs, merged)) {
    report.replaced.push(`${label}: ${describeLine(theirs)} → ${describeLine(merged)}`);
  }
  if (!sameLine(merged, ours)) report.kept.push(`${label}: ${describeLine(merged)}`);
  return merged;
}

function mergedOption(plugin: string, theirs: Directive, ours: Directive, place: MergePlace): Directive {
  const withArgs = (args: readonly Token[]): Directive => ({ ...theirs, args: reuse(theirs.args, args) });
  switch (`${plugin} ${theirs.name.text}`) {
    case "kubernetes fallthrough":
      // Without zones it falls through for all, ours included.
      return theirs.args.length === 0 ? theirs : withArgs(union(theirs.args, ours.args));
    case "kubernetes pods":
      return place.hasAutopath && theirs.args[0]?.text === "verified" ? theirs : withArgs(ours.args);
    case "cache success":
    case "cache denial":
      // A minimum TTL behind ours stays.
      return withArgs([...ours.args, ...theirs.args.slice(ours.args.length)]);
    default:
      return { ...withArgs(ours.args), block: ours.block };
  }
}

/** Their zones, and those of ours that they do not have. */
function union(theirs: readonly Token[], ours: readonly Token[]): Token[] {
  const zones = new Set(theirs.flatMap(({ text }) => zonesOf(text)));
  return [...theirs, ...ours.filter(({ text }) => !zonesOf(text).every((zone) => zones.has(zone)))];
}

/** Zones of a name or network, `in-addr.arpa` or `10.0.0.0/8`. */
export function zonesOf(text: string): readonly string[] {
  return readKey(text).key?.zones ?? [normalZone(text)];
}

/** The wanted words, in their own tokens where they stand already. */
function reuse(theirs: readonly Token[], wanted: readonly Token[]): Token[] {
  return wanted.map((token, i) => {
    const same = theirs[i];
    return same?.text === token.text ? same : { ...word(token.text), raw: token.raw };
  });
}

/** A directive without its block, for messages. */
function headOf(directive: Directive): string {
  return describeLine({ ...directive, block: undefined });
}

function sameOption(ours: Line, theirs: Line): boolean {
  return ours.kind === "directive" && theirs.kind === "directive" && ours.name.text === theirs.name.text;
}

function sameWords(a: readonly Token[], b: readonly Token[]): boolean {
  return a.length === b.length && a.every(({ text }, i) => text === b[i]?.text);
}

function sameLayout(a: Directive, b: Directive): boolean {
  const starts = ({ block }: Directive): string[] => [
    ...(block?.lines ?? []).map((line) => firstToken(line).before),
    block?.close.before ?? "",
  ];
  return JSON.stringify(starts(a)) === JSON.stringify(starts(b));
}
