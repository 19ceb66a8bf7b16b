import { parseArgs } from "node:util";
import { didYouMean } from "../../model/did-you-mean.ts";
import type { Problem } from "../../model/problem.ts";

export const usage = `usage: npm run reachability -- [<file>, <folder> or - ...] [--from-cluster] [--stack <stack>]
    [--from <who>] [--to <whom>] [--port <port>[/UDP]]        can it, and why; without all three: what passes
    [--before <source>]... [--after <source>]...              what a change opens and closes
    [--json] [--svg <file>] [--dialect kubernetes|cilium] [--namespace <name>] [--context <name>]
    [--fail-on changes|opens|closes|nothing]
  who, whom: shop/api-gateway (a workload or a pod), shop/*, 10.0.0.7, 203.0.113.0/24, internet, nodes, api-server
  source: a file, a folder, -, cluster, cluster:<context>, stack:<stack or its file>
Exit code: 0 allowed, or nothing changed; 1 denied, or something changed; 2 wrong usage, unreadable or unknown.`;

/** Where manifests come from. */
export type Source =
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "stdin" }
  | { readonly kind: "cluster"; readonly context: string | undefined }
  | { readonly kind: "stack"; readonly stack: string };

const failOn = ["changes", "opens", "closes", "nothing"] as const;
const dialects = ["kubernetes", "cilium"] as const;

/** What the command is asked to do. */
export interface Arguments {
  /** What is there; both sides of a comparison start from it. */
  readonly sources: readonly Source[];
  readonly before: readonly Source[];
  readonly after: readonly Source[];
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly port: string | undefined;
  readonly json: boolean;
  readonly svg: string | undefined;
  readonly dialect: (typeof dialects)[number] | undefined;
  readonly namespace: string | undefined;
  readonly failOn: (typeof failOn)[number];
}

const options = {
  "from-cluster": { type: "boolean", default: false },
  context: { type: "string" },
  stack: { type: "string", multiple: true, default: [] as string[] },
  before: { type: "string", multiple: true, default: [] as string[] },
  after: { type: "string", multiple: true, default: [] as string[] },
  from: { type: "string" },
  to: { type: "string" },
  port: { type: "string" },
  json: { type: "boolean", default: false },
  svg: { type: "string" },
  dialect: { type: "string" },
  namespace: { type: "string", short: "n" },
  "fail-on": { type: "string", default: "changes" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Reads the command line; the help counts as asked for where there is nothing else. */
export function readArguments(
  args: readonly string[],
): { readonly asked: Arguments } | { readonly problems: readonly Problem[] } | { readonly help: true } {
  const read = parse(args);
  if ("problems" in read) return read;
  const { values, positionals } = read;
  if (values.help) return { help: true };
  const { before, after, from, to, port, json, svg, namespace, context } = values;
  const asked: Arguments = {
    sources: [
      ...(values["from-cluster"] ? [{ kind: "cluster" as const, context }] : []),
      ...positionals.map((text) => sourceOf(text, context)),
      ...values.stack.map((stack) => ({ kind: "stack" as const, stack })),
    ],
    before: before.map((text) => sourceOf(text, context)),
    after: after.map((text) => sourceOf(text, context)),
    ...{ from, to, port, json, svg, namespace },
    dialect: oneOf(dialects, values.dialect),
    failOn: oneOf(failOn, values["fail-on"]) ?? "changes",
  };
  const problems = [
    ...wordProblems("--dialect", values.dialect, dialects),
    ...wordProblems("--fail-on", values["fail-on"], failOn),
    ...combinationProblems(asked, context),
  ];
  return problems.length > 0 ? { problems } : { asked };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    const message = error instanceof Error ? (error.message.split(/[.\n]/, 1)[0] ?? "") : String(error);
    const given = /'(--[\w-]+)/.exec(message)?.[1];
    const known = Object.keys(options).map((name) => `--${name}`);
    const remedy = given !== undefined && !known.includes(given) ? didYouMean(given, known) : "see the usage";
    return { problems: [{ path: "command line", message, remedy }] };
  }
}

/** A word of where manifests are; a file that is called like one is meant by `./cluster`. */
function sourceOf(text: string, context: string | undefined): Source {
  if (text === "-") return { kind: "stdin" };
  if (text === "cluster") return { kind: "cluster", context };
  if (text.startsWith("cluster:")) return { kind: "cluster", context: text.slice("cluster:".length) };
  if (text.startsWith("stack:")) return { kind: "stack", stack: text.slice("stack:".length) };
  return { kind: "path", path: text };
}

const oneOf = <Word extends string>(words: readonly Word[], given: string | undefined): Word | undefined =>
  words.find((word) => word === given);

const wordProblems = (path: string, given: string | undefined, words: readonly string[]): Problem[] =>
  given === undefined || words.includes(given)
    ? []
    : [{ path, message: `${given} is none of its words`, remedy: didYouMean(given, words) }];

function combinationProblems(asked: Arguments, context: string | undefined): Problem[] {
  const { sources, before, after, from, to, port } = asked;
  const all = [...sources, ...before, ...after];
  const isDiff = before.length + after.length > 0;
  const found: (false | Problem)[] = [
    all.length === 0 && {
      path: "command line",
      message: "Nothing to read is named",
      remedy: "give files, folders, - for the standard input, --from-cluster or --stack",
    },
    all.filter(({ kind }) => kind === "stdin").length > 1 && {
      path: "-",
      message: "The standard input is there once, and named twice",
      remedy: "write one of the two into a file",
    },
    isDiff &&
      sources.length === 0 &&
      (before.length === 0 || after.length === 0) && {
        path: before.length === 0 ? "--before" : "--after",
        message: "A comparison needs two sides, and one is empty",
        remedy: `name it; or name what is there without an option, and ${before.length === 0 ? "--after" : "--before"} as what is laid over it`,
      },
    isDiff &&
      [from, to, port].some((one) => one !== undefined) && {
        path: "--before, --after",
        message: "A comparison is of all flows, and a question is of one",
        remedy: "ask before and after apart, or leave out --from, --to and --port",
      },
    port !== undefined &&
      (from === undefined || to === undefined) && {
        path: "--port",
        message: "A port alone is no question",
        remedy: "say --from and --to, too",
      },
    context !== undefined &&
      !all.some(({ kind }) => kind === "cluster") && {
        path: "--context",
        message: `No cluster is read, so ${context} has no effect`,
        remedy: "add --from-cluster",
      },
  ];
  return found.filter((problem) => problem !== false);
}
