import { groupBy } from "../group-by.ts";

/** What a cell shows: of a comparison what changed, else what passes. */
export type CellState = "none" | "some" | "all" | "unknown" | "opened" | "closed" | "both";

export interface Cell {
  readonly state: CellState;
  /** A few characters for cells with room, such as `8080`. */
  readonly short?: string | undefined;
  /** In words, such as `TCP 8080`. */
  readonly text: string;
}

/** A row and a column of the matrix. */
export interface Party {
  readonly name: string;
  /** What stands together: a namespace, or what is outside. */
  readonly band: string;
}

/** Who reaches whom, as a picture has it: rows talk to columns. */
export interface Matrix {
  readonly title: string;
  readonly isComparison: boolean;
  readonly parties: readonly Party[];
  /** By the number of the row, then of the column; what is not there is denied, or did not change. */
  readonly cells: ReadonlyMap<number, ReadonlyMap<number, Cell>>;
}

/** So many rows can be read; beyond, each namespace becomes one. */
export const readableParties = 62;

/** The same with a row for each band where there are too many parties to be read. */
export function readable(matrix: Matrix): Matrix {
  const { parties, cells, title } = matrix;
  if (parties.length <= readableParties) return matrix;
  const bands = [...groupBy(parties, ({ band }) => band).entries()];
  const bandOf = new Map(bands.map(([band], i) => [band, i]));
  const place = parties.map(({ band }) => bandOf.get(band) ?? 0);
  const gathered = new Map<number, Map<number, Cell[]>>();
  for (const [row, columns] of cells) {
    for (const [column, cell] of columns) {
      const [i, j] = [place[row] ?? 0, place[column] ?? 0];
      const line = gathered.get(i) ?? new Map<number, Cell[]>();
      gathered.set(i, line);
      const found = line.get(j) ?? [];
      line.set(j, found);
      found.push(cell);
    }
  }
  const sizes = bands.map(([, members]) => members.length);
  const merged = [...gathered].map(([i, line]) => {
    const columns = [...line].map(
      ([j, found]) => [j, together(found, (sizes[i] ?? 0) * (sizes[j] ?? 0))] as const,
    );
    return [i, new Map(columns)] as const;
  });
  return {
    ...matrix,
    title: `${title}, by namespace (${parties.length} rows would be too many to read)`,
    parties: bands.map(([band, members]) => ({
      band: "",
      name: members.length === 1 ? (members[0]?.name ?? band) : `${band} (${members.length})`,
    })),
    cells: new Map(merged),
  };
}

/** One cell for all pairs of two bands. */
function together(found: readonly Cell[], pairs: number): Cell {
  const states = new Set(found.map(({ state }) => state));
  const [only] = [...states];
  const state = stateOfAll(states, only, found.length === pairs);
  const counts = [...groupBy(found, (cell) => cell.state)].map(
    ([of, cells]) => `${cells.length} ${words[of]}`,
  );
  return { state, text: `of ${pairs} pairs ${counts.join(", ")}`, short: `${found.length}` };
}

function stateOfAll(
  states: ReadonlySet<CellState>,
  only: CellState | undefined,
  isComplete: boolean,
): CellState {
  if (states.has("unknown")) return "unknown";
  if (["opened", "closed", "both"].some((state) => states.has(state as CellState))) {
    const isMixed = states.has("both") || (states.has("opened") && states.has("closed"));
    if (isMixed) return "both";
    return states.has("opened") ? "opened" : "closed";
  }
  return states.size === 1 && only === "all" && isComplete ? "all" : "some";
}

const words: Readonly<Record<CellState, string>> = {
  none: "denied",
  some: "on some ports",
  all: "on every port",
  unknown: "not known",
  opened: "opened",
  closed: "closed",
  both: "opened and closed",
};
