import type { Problem } from "../../model/problem.ts";
import { compiledOf } from "../../model/reachability/compile.ts";
import { takeInventory } from "../../model/reachability/inventory/inventory.ts";
import { answer } from "../../model/reachability/report/answer.ts";
import { flowsJson, pictureJson, workloadsJson } from "../../model/reachability/report/as-json.ts";
import { describeAnswer } from "../../model/reachability/report/describe-answer.ts";
import { describeDifference, workloadChanges } from "../../model/reachability/report/describe-difference.ts";
import {
  describeComparison,
  describeDoubts,
  describePicture,
} from "../../model/reachability/report/describe-picture.ts";
import { describeSurvey } from "../../model/reachability/report/describe-survey.ts";
import { type Difference, difference } from "../../model/reachability/report/difference.ts";
import { matrixOf } from "../../model/reachability/report/matrix.ts";
import { matrixSvg } from "../../model/reachability/report/matrix-svg.ts";
import { doubtsAbout, type Picture, pictureOf } from "../../model/reachability/report/picture.ts";
import { boundsOf, onlyAbout, type Survey, survey } from "../../model/reachability/report/survey.ts";
import { meant } from "../../model/reachability/report/meant.ts";
import type { Arguments } from "./arguments.ts";
import { readSides, type Side } from "./sources.ts";

/** What the command prints, and how it ends. */
export interface Outcome {
  readonly text: string;
  readonly json: object;
  readonly svg?: string | undefined;
  readonly code: number;
}

/** Reads what is named, and answers what is asked. */
export async function run(
  asked: Arguments,
  folder: string,
): Promise<Outcome | { readonly problems: readonly Problem[] }> {
  const sides = await readSides(asked, folder);
  if ("problems" in sides) return sides;
  const isComparison = asked.before.length + asked.after.length > 0;
  if (isComparison) return compare(asked, sides);
  const { found, notes } = sides.before;
  const picture = pictureOf(takeInventory(found, asked.namespace), asked.dialect);
  const { from, to, port } = asked;
  return from !== undefined && to !== undefined
    ? question(picture, notes, { from, to, port })
    : list(picture, notes, asked);
}

function question(
  picture: Picture,
  notes: readonly string[],
  asked: { readonly from: string; readonly to: string; readonly port: string | undefined },
): Outcome | { readonly problems: readonly Problem[] } {
  const found = answer(picture, asked);
  if ("problems" in found) return found;
  return {
    text: paragraphs(describeDoubts(picture), [...notes, ...picture.notes].join("\n"), describeAnswer(found)),
    json: { ...pictureJson(picture, notes), answer: found },
    code: found.verdict === "allowed" ? 0 : found.verdict === "unknown" ? 2 : 1,
  };
}

/** All flows, or those of one end. */
function list(
  picture: Picture,
  notes: readonly string[],
  { from, to, svg }: Arguments,
): Outcome | { readonly problems: readonly Problem[] } {
  const all = survey(picture);
  const ends = [meant(picture, "--from", from), meant(picture, "--to", to)];
  const problems = ends.flatMap((end) => (end && "problem" in end ? [end.problem] : []));
  if (problems.length > 0) return { problems };
  const [fromMeant, toMeant] = ends.map((end) => (end && "is" in end ? end.is : undefined));
  const about = (flows: typeof all.flows) => onlyAbout(flows, { from: fromMeant, to: toMeant });
  const part = from ?? to;
  const shown = {
    ...all,
    flows: about(all.flows),
    uncertain: about(all.uncertain),
    ...(part !== undefined && { isolation: [], looseEnds: [] }),
  };
  const { world } = picture;
  return {
    text: paragraphs(
      [describePicture(picture), ...notes].join("\n"),
      describeDoubts(picture),
      describeSurvey(picture, shown),
    ),
    json: {
      ...pictureJson(picture, notes),
      workloads: workloadsJson(picture, compiledOf(world)),
      flows: flowsJson(shown.flows),
      uncertain: flowsJson(shown.uncertain),
      isolation: shown.isolation,
      looseEnds: shown.looseEnds,
    },
    svg:
      svg === undefined
        ? undefined
        : matrixSvg(matrixOf({ title: "Who may talk to whom", ...drawn(picture, shown) })),
    code: picture.doubts.length > 0 ? 2 : 0,
  };
}

const drawn = (picture: Picture, { flows, uncertain }: Pick<Survey, "flows" | "uncertain">) => ({
  pods: picture.world.pods,
  flows,
  uncertain,
  isUnknown: (namespace: string): boolean => doubtsAbout(picture, namespace).length > 0,
});

function compare(asked: Arguments, sides: Record<"before" | "after", Side>): Outcome {
  const was = takeInventory(sides.before.found, asked.namespace);
  const is = takeInventory(sides.after.found, asked.namespace);
  // One reading for both sides: another one would change every flow.
  const dialect = asked.dialect ?? (was.hasCilium || is.hasCilium ? "cilium" : "kubernetes");
  const [before, after] = [pictureOf(was, dialect), pictureOf(is, dialect)];
  const pods = [
    ...new Map([...before.world.pods, ...after.world.pods].map((group) => [group.name, group])).values(),
  ];
  const found = difference(boundsOf(before), boundsOf(after), pods);
  const changes = workloadChanges(before.world.pods, after.world.pods);
  const doubts = [...before.doubts, ...after.doubts];
  const both = { ...after, doubts };
  const notes = [...new Set([...sides.before.notes, ...sides.after.notes, ...before.notes, ...after.notes])];
  return {
    text: paragraphs(
      describeComparison(before, after),
      notes.join("\n"),
      describeDoubts(both),
      describeDifference(found, pods, changes),
    ),
    json: {
      version: 1,
      dialect,
      before: pictureJson(before, sides.before.notes),
      after: pictureJson(after, sides.after.notes),
      opens: flowsJson(found.opens),
      closes: flowsJson(found.closes),
      perhapsOpens: flowsJson(found.perhapsOpens),
      perhapsCloses: flowsJson(found.perhapsCloses),
      unchangedPairs: found.unchangedPairs,
      workloads: changes,
    },
    svg:
      asked.svg === undefined
        ? undefined
        : matrixSvg(
            matrixOf({
              title: "What the change opens and closes",
              ...drawn(both, survey(after)),
              pods,
              changes: found,
            }),
          ),
    code: doubts.length > 0 ? 2 : fails(asked.failOn, found) ? 1 : 0,
  };
}

/** What perhaps opens counts as if it did. */
function fails(failOn: Arguments["failOn"], found: Difference): boolean {
  const opens = found.opens.length + found.perhapsOpens.length > 0;
  const closes = found.closes.length + found.perhapsCloses.length > 0;
  return { changes: opens || closes, opens, closes, nothing: false }[failOn];
}

const paragraphs = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== "").join("\n\n");
