import type { Problem } from "../problem.ts";
import { chartKey, spansOf } from "./chart-keys.ts";
import type { ChartVersion } from "./chart-version.ts";
import { nextWith, spanWords } from "./key-spans.ts";
import { isPlainObject, mergeValues, type Values } from "./merge-values.ts";
import type { Wish } from "./options.ts";

interface Compiled {
  readonly values: Values;
  /** Wishes that the chart cannot fulfil; the values are without them. */
  readonly refused: readonly Wish[];
  /** The option behind each key, by its dotted path. */
  readonly optionOf: ReadonlyMap<string, string>;
}

/** Says wishes in the keys of a version: of each the newest form that the chart has. */
export function compile(wishes: readonly Wish[], version: ChartVersion): Compiled {
  let values: Values = {};
  const refused: Wish[] = [];
  const optionOf = new Map<string, string>();
  for (const wish of wishes) {
    const form = wish.forms.find((candidate) => missingKey(candidate, version) === undefined);
    if (!form) {
      refused.push(wish);
      continue;
    }
    values = mergeValues(values, form);
    for (const path of leafPaths(form)) optionOf.set(path.join("."), wish.option);
  }
  return { values, refused, optionOf };
}

/** Why a chart cannot fulfil a wish. */
export function refusedProblem({ option, forms }: Wish, version: ChartVersion, name: string): Problem {
  const [newest = {}] = forms;
  const path = missingKey(newest, version) ?? [];
  const spans = spansOf(path);
  const next = nextWith(spans, version);
  return {
    path: option,
    message: `Needs ${path.join(".")}, which exists ${spanWords(spans)}, and this is ${name}`,
    remedy: next === undefined ? "leave it out" : `use chart ${next} or newer, or leave it out`,
  };
}

/** The first key of the values that the chart has not. */
const missingKey = (values: Values, version: ChartVersion): readonly string[] | undefined =>
  leafPaths(values).find((path) => chartKey(path, version) === undefined);

/** Paths of all values that are no objects. */
function leafPaths(values: Values, parent: readonly string[] = []): string[][] {
  return Object.entries(values).flatMap(([name, value]) =>
    isPlainObject(value) ? leafPaths(value, [...parent, name]) : [[...parent, name]],
  );
}
