import { text } from "node:stream/consumers";
import { formatProblem, type Problem } from "../../model/problem.ts";
import type { Sourced } from "../../model/reachability/inventory/objects.ts";
import type { Arguments, Source } from "./arguments.ts";
import { readCluster } from "./read-cluster.ts";
import { readPath } from "./read-files.ts";
import { dnsStandIn, readStack, stackOf } from "./read-stack.ts";
import { readText } from "./read-text.ts";

/** One side of a comparison, or all there is. */
export interface Side {
  readonly found: readonly Sourced[];
  /** What could not be read, and is not needed for an answer. */
  readonly notes: readonly string[];
}

/** What was read from one source, with the stack that it is of. */
interface Read extends Side {
  readonly source: Source;
  readonly problems: readonly Problem[];
  /** The label of all that the stack creates: what it creates no longer will go. */
  readonly owner?: string;
}

/**
 * Reads every source once, and lays those of each side over what both sides share.
 * @param folder - the one that paths are relative to
 */
export async function readSides(
  { sources, before, after }: Pick<Arguments, "sources" | "before" | "after">,
  folder: string,
): Promise<{ readonly before: Side; readonly after: Side } | { readonly problems: readonly Problem[] }> {
  const known = new Map<string, Promise<Read>>();
  const read = (source: Source): Promise<Read> => {
    const key = JSON.stringify(source);
    const reading = known.get(key) ?? readSource(source, folder);
    known.set(key, reading);
    return reading;
  };
  const all = (list: readonly Source[]): Promise<Read[]> => Promise.all(list.map(read));
  const [shared, ...over] = await Promise.all([all(sources), all(before), all(after)]);
  const problems = [shared, ...over].flat().flatMap((one) => one.problems);
  if (problems.length > 0) return { problems: distinct(problems) };
  const [first, second] = over.map((list) => layered(shared, list));
  return first && second ? { before: first, after: second } : { problems: [] };
}

async function readSource(source: Source, folder: string): Promise<Read> {
  switch (source.kind) {
    case "stdin":
      return { source, notes: [], ...readText("standard input", await text(process.stdin)) };
    case "path":
      return { source, notes: [], ...readPath(source.path, folder) };
    case "cluster":
      return { source, ...(await readCluster(source.context)) };
    case "stack":
      return { source, notes: [], ...readStack(source.stack, folder) };
  }
}

/** What applying the second to the first would leave. */
function layered(shared: readonly Read[], over: readonly Read[]): Side {
  const there = [shared, over].flatMap((list, layer) =>
    list.map((one) => one.found.map((object) => ({ ...object, layer }))),
  );
  const reads = [...shared, ...over];
  const isStackAlone = reads.every(({ source }) => source.kind === "stack");
  const found = there.flatMap((objects, i) => {
    const known = isStackAlone ? objects : objects.filter(({ manifest }) => manifest !== dnsStandIn);
    const later = reads.slice(i + 1).flatMap(({ owner }) => (owner === undefined ? [] : [owner]));
    // What a stack created and creates no longer is gone after it was applied.
    return later.length === 0
      ? known
      : known.filter(({ manifest }) => !later.includes(String(stackOf(manifest))));
  });
  return { found, notes: [...new Set(reads.flatMap(({ notes }) => notes))] };
}

/** A source that both sides name is wrong once. */
const distinct = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.map((problem) => [formatProblem(problem), problem])).values(),
];
