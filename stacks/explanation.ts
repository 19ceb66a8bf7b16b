import { advise } from "../model/adviser.ts";
import { judgeCluster } from "../model/cilium/gate/index.ts";
import { type Images, type PulledImage, stackImages } from "../model/images.ts";
import { formatProblem, type Problem } from "../model/problem.ts";
import { profileOf } from "../model/profiles.ts";
import type { Settings } from "../model/settings.ts";
import { hasNoEffect } from "../model/settings-switch.ts";
import { networkSizes } from "../model/sizing/network-sizes.ts";
import type { Size } from "../model/sizing/size.ts";
import { atPath } from "../model/tree.ts";
import { type ExplainedPolicies, explainPolicies, policyRows, proofLine } from "./explained-policies.ts";
import { readSettingsWithFiles } from "./namespace-files.ts";

/** Why a stack's network is as it is, before any cluster is asked. */
export interface Explanation {
  readonly cluster: string;
  readonly profile: string;
  readonly choices: readonly ExplainedChoice[];
  /** Numbers by group and name. */
  readonly sizes: Readonly<Record<string, Readonly<Record<string, Size>>>>;
  /** What its flows become, and the proof; absent where no namespace is declared. */
  readonly network?: ExplainedPolicies;
  readonly images: Omit<Images, "warnings">;
  readonly advice: readonly string[];
  /** What agents do without on such nodes, and hardly miss. */
  readonly notes: readonly string[];
}

/** A choice of the profile, and what became of it. */
interface ExplainedChoice {
  readonly path: string;
  readonly chosen: unknown;
  /** What holds: the stack's own value where it has one; undefined where it is of the other datapath. */
  readonly holds: unknown;
  readonly because: string;
}

/**
 * Explains a stack's configuration.
 * @param raw - keys and values as the stack file has them
 * @returns the explanation, or what is wrong with the configuration; never both
 */
export function explain(raw: Readonly<Record<string, unknown>>): {
  explanation?: Explanation;
  problems: readonly Problem[];
} {
  const { settings, problems } = readSettingsWithFiles(raw);
  if (!settings) return { problems };
  const gate = judgeCluster(settings);
  if (gate.problems.length > 0) return { problems: gate.problems };
  const sizes = networkSizes(settings);
  const { warnings, ...images } = stackImages(settings);
  const { shape, node, datapath = {} } = sizes;
  const grouped = new Set([...Object.keys(shape.load), ...Object.keys(node), ...Object.keys(datapath)]);
  const rest = Object.entries(sizes.all).filter(([name]) => !grouped.has(name));
  const inPool = (name: string): boolean => name.includes(".");
  const groups: Record<string, Record<string, Size>> = {
    "The load that all follows from": { ...shape.load },
    "Every node": { ...node },
    "What the chart is told, or would choose itself": { ...datapath },
    "What follows from it": Object.fromEntries(rest.filter(([name]) => !inPool(name))),
    "By pool": Object.fromEntries(rest.filter(([name]) => inPool(name))),
  };
  return {
    explanation: {
      cluster: describeCluster(settings),
      profile: settings.profile,
      choices: choicesOf(settings),
      sizes: Object.fromEntries(Object.entries(groups).filter(([, group]) => Object.keys(group).length > 0)),
      ...(settings.namespaces.length > 0 && { network: explainPolicies(settings) }),
      images,
      advice: [...advise(settings, sizes), ...gate.warnings, ...warnings].map(formatProblem),
      notes: gate.notes.map(formatProblem),
    },
    problems: [],
  };
}

function describeCluster({ cluster }: Settings): string {
  const { name, nodes, node, nodePools, podsPerNode, services } = cluster;
  const kinds = nodePools
    ? nodePools.map((pool) => `${pool.count} ${pool.name} (${pool.cores} cores, ${pool.memory})`).join(" + ")
    : `${nodes} nodes (${node.cores} cores, ${node.memory})`;
  return `${name}: ${kinds}, ${podsPerNode} pods a node, ${services} Services`;
}

const choicesOf = (settings: Settings): ExplainedChoice[] =>
  (profileOf(settings.profile)?.choices ?? []).map(({ path, value, because }) => ({
    path,
    chosen: value,
    holds: hasNoEffect(path, settings.datapath) ? undefined : atPath(settings, path),
    because,
  }));

/**
 * The explanation as text for a terminal.
 * @param title - what it is about, such as the stack's file
 * @param width - columns to wrap at
 */
export function renderExplanation(explanation: Explanation, title: string, width: number): string {
  const { cluster, profile, choices, sizes, network, images, advice, notes } = explanation;
  const chosen = choices.map(({ path, chosen, holds, because }): Row => {
    const value = String(holds);
    if (holds === chosen) return [path, value, because];
    const instead = `the profile's ${String(chosen)}: ${because}`;
    return holds === undefined
      ? [path, "-", `of the other datapath; ${instead}`]
      : [path, value, `the stack's own; ${instead}`];
  });
  return [
    `${title}: ${cluster}`,
    "",
    `Profile ${profile}${choices.length === 0 ? ": the baseline as it is" : ""}`,
    ...(choices.length === 0 ? [] : [table(chosen, width)]),
    ...Object.entries(sizes).flatMap(([group, numbers]) => ["", group, table(numberRows(numbers), width)]),
    ...(network ? policyLines(network, width) : []),
    "",
    "Images",
    ...images.pulled.map((one) => `  ${describeImage(one, images)}`),
    ...images.lacking.map((problem) => listed(formatProblem(problem), width)),
    "",
    advice.length === 0 ? "No advice: shape and profile agree" : "Advice",
    ...advice.map((line) => listed(line, width)),
    ...(notes.length === 0 ? [] : ["", "Worth knowing"]),
    ...notes.map((line) => listed(line, width)),
  ].join("\n");
}

const policyLines = (network: ExplainedPolicies, width: number): string[] => [
  "",
  "Policies",
  ...(Object.keys(network.policies).length === 0
    ? ["  none: every namespace is only observed"]
    : [table(policyRows(network), width), proofLine(network)]),
  ...network.unproved.map((line) => listed(line, width)),
];

const describeImage = ({ image, source }: PulledImage, { unsure }: Pick<Images, "unsure">): string =>
  [
    image,
    ...(source === image ? [] : [`from ${source}`]),
    ...(unsure.includes(image) ? ["(perhaps with another tag: this chart is not known here)"] : []),
  ].join(" ");

/** A line for each image, for scripts: where it is from, and where it belongs where that is another place. */
export function renderImages({ images }: Explanation): string {
  return images.pulled
    .map(({ image, source }) => (source === image ? source : `${source} ${image}`))
    .join("\n");
}

const listed = (line: string, width: number): string => `  - ${wrap(line, width - 4).join("\n    ")}`;

type Row = readonly string[];

const numberRows = (numbers: Readonly<Record<string, Size>>): Row[] =>
  Object.entries(numbers).map(([name, { value, unit, because, source }]) => [
    name,
    `${value.toLocaleString("en", { maximumFractionDigits: 6 })} ${unit}`,
    `${because} [${source}]`,
  ]);

/** Rows with columns of equal width; the last one is wrapped. */
function table(rows: readonly Row[], width: number): string {
  const [first, second] = [0, 1].map((i) => Math.max(0, ...rows.map((row) => row[i]?.length ?? 0)));
  const indent = 2 + (first ?? 0) + 2 + (second ?? 0) + 2;
  return rows
    .map(([name = "", value = "", text = ""]) => {
      const lines = wrap(text, Math.max(30, width - indent)).join(`\n${" ".repeat(indent)}`);
      return `  ${name.padEnd(first ?? 0)}  ${value.padEnd(second ?? 0)}  ${lines}`;
    })
    .join("\n");
}

/** Lines of at most so many columns, broken between words. */
function wrap(text: string, width: number): string[] {
  return text.split(" ").reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) return [...lines, word];
    return [...lines.slice(0, -1), `${last} ${word}`];
  }, []);
}
