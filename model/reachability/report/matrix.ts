import { covers, unite } from "../intervals.ts";
import { groupBy } from "../group-by.ts";
import { allPorts, noPorts, portRanges, type PortSet } from "../ports.ts";
import type { PodGroup } from "../world.ts";
import type { Difference, MemberBlock } from "./difference.ts";
import { portWords } from "./naming.ts";
import type { Member } from "./parties.ts";

/** What a cell shows: of a comparison what changed, else what passes. */
export type CellState = "some" | "all" | "unknown" | "kept" | "opened" | "closed" | "both";

export interface Cell {
  readonly state: CellState;
  /** A few characters for cells with room, such as `8080`. */
  readonly short: string;
  /** In words, such as `TCP 8080`. */
  readonly text: string;
}

/** A row and a column of the matrix. */
export interface Party {
  readonly name: string;
  /** What stands together: a namespace, or what is outside. */
  readonly band: string;
  /** Undefined for what is outside, which has nothing to do with what is outside, too, here. */
  readonly namespace: string | undefined;
}

/** Who reaches whom, as a picture has it: rows talk to columns. */
export interface Matrix {
  readonly title: string;
  readonly isComparison: boolean;
  readonly parties: readonly Party[];
  /** By the number of the row, then of the column; what is not there is denied. */
  readonly cells: ReadonlyMap<number, ReadonlyMap<number, Cell>>;
}

/** What a matrix is drawn from. */
export interface Drawing {
  readonly title: string;
  readonly pods: readonly PodGroup[];
  readonly flows: readonly MemberBlock[];
  /** What passes for some requests only, or perhaps. */
  readonly uncertain: readonly MemberBlock[];
  /** Of a comparison: what passes after and did not before, and what no longer does; `flows` are those after. */
  readonly changes?: Difference;
  /** Whether what concerns a namespace is not known. */
  readonly isUnknown: (namespace: string) => boolean;
}

/** So many rows can be read; beyond, each namespace becomes one. */
const readableRows = 62;

const outside = "outside";
const addressesName = "addresses outside";
const entityNames = {
  "own-node": "own node",
  nodes: "nodes",
  "api-server": "api-server",
  ingress: "ingress",
};

/** Draws flows as cells: a row for each workload, or for each namespace where that would be too many. */
export function matrixOf({ title, pods, flows, uncertain, changes, isUnknown }: Drawing): Matrix {
  const { opens = [], closes = [], perhapsOpens = [], perhapsCloses = [] } = changes ?? {};
  const lists = [flows, uncertain, [...opens, ...perhapsOpens], [...closes, ...perhapsCloses]];
  const isByNamespace = pods.length > readableRows;
  const { parties, rowOf, sizes } = rowsOf(pods, lists.flat(), isByNamespace);
  const [now, perhaps, opened, closed] = lists.map((list) => gathered(list, rowOf));
  const cells = new Map<number, Map<number, Cell>>();
  parties.forEach((source, row) => {
    parties.forEach((destination, column) => {
      const spaces = [source.namespace, destination.namespace].filter((one) => one !== undefined);
      if (spaces.length === 0) return;
      const [is, may, more, less] = [now, perhaps, opened, closed].map((map) => map?.get(row)?.get(column));
      const unknown = spaces.some(isUnknown);
      const pairs = (sizes[row] ?? 0) * (sizes[column] ?? 0);
      const cell = unknown
        ? notUnderstood
        : changes
          ? changedCell(is ?? may, more, less)
          : (cellOf(is, pairs, isByNamespace) ?? perhapsCell(may));
      if (!cell) return;
      const line = cells.get(row) ?? new Map<number, Cell>();
      cells.set(row, line.set(column, cell));
    });
  });
  const shown = isByNamespace ? `${title}, by namespace: ${pods.length} workloads are too many rows` : title;
  return { title: shown, isComparison: changes !== undefined, parties, cells };
}

interface Rows {
  readonly parties: readonly Party[];
  readonly rowOf: (member: Member) => number;
  /** Members of each row. */
  readonly sizes: readonly number[];
}

function rowsOf(pods: readonly PodGroup[], flows: readonly MemberBlock[], isByNamespace: boolean): Rows {
  const sorted = [...groupBy(pods, ({ namespace }) => namespace)].sort(([a], [b]) => byNumber.compare(a, b));
  const inside = sorted.flatMap(([namespace, its]): [string, Party, number][] =>
    isByNamespace
      ? [[namespace, { name: `${namespace} (${its.length})`, band: "", namespace }, its.length]]
      : its.map(({ name }) => [name, { name, band: namespace, namespace }, 1]),
  );
  const others = new Set(
    flows.flatMap(({ from, to }) => [...from, ...to]).filter(({ kind }) => kind !== "pods"),
  );
  const beyond = groupBy([...others], outsideName);
  const order = [...beyond].sort(([a], [b]) => placeOf(a) - placeOf(b));
  const kinds = order.map(([name, its]): [string, Party, number] => [
    name,
    { name, band: outside, namespace: undefined },
    new Set(its.map(memberKey)).size,
  ]);
  const all = [...inside, ...kinds];
  const numbers = new Map(all.map(([key], i) => [key, i]));
  return {
    parties: all.map(([, party]) => party),
    sizes: all.map(([, , size]) => size),
    rowOf: (member) => numbers.get(keyOf(member, isByNamespace)) ?? -1,
  };
}

/** Namespace 2 before namespace 10. */
const byNumber = new Intl.Collator("en", { numeric: true });

/** The nearest first, addresses and then names last. */
function placeOf(name: string): number {
  const place = [...Object.values(entityNames), addressesName].indexOf(name);
  return place < 0 ? Infinity : place;
}

const keyOf = (member: Member, isByNamespace: boolean): string =>
  member.kind === "pods" ? (isByNamespace ? member.group.namespace : member.group.name) : outsideName(member);

function outsideName(member: Member): string {
  if (member.kind === "entity") return entityNames[member.entity];
  return member.kind === "name" ? member.name.replaceAll("anything", "*") : addressesName;
}

const memberKey = (member: Member): string =>
  member.kind === "addresses" ? String(member.from) : outsideName(member);

interface Gathered {
  ports: PortSet;
  /** Pairs that every port is open between. */
  whole: number;
}

function gathered(flows: readonly MemberBlock[], rowOf: Rows["rowOf"]): Map<number, Map<number, Gathered>> {
  const found = new Map<number, Map<number, Gathered>>();
  for (const { from, to, ports } of flows) {
    const isWhole = covers(ports, tcpAndUdp);
    const [rows, columns] = [from, to].map((members) => [...groupBy(members, rowOf)]);
    for (const [row, sources] of rows ?? []) {
      const line = found.get(row) ?? new Map<number, Gathered>();
      found.set(row, line);
      for (const [column, destinations] of columns ?? []) {
        const known = line.get(column) ?? { ports: noPorts, whole: 0 };
        known.ports = unite(known.ports, ports);
        if (isWhole) known.whole += sources.length * destinations.length;
        line.set(column, known);
      }
    }
  }
  return found;
}

/** Where SCTP is not carried, the rest is every port there is. */
const tcpAndUdp: PortSet = allPorts.map((boundary) => Math.min(boundary, 2 * 65_536));

const notUnderstood: Cell = { state: "unknown", short: "?", text: "not known: a policy was not understood" };

const perhapsCell = (may: Gathered | undefined): Cell | undefined =>
  may && {
    state: "unknown",
    short: "?",
    text: `${portWords(may.ports)}, only for some requests, or perhaps`,
  };

function cellOf(is: Gathered | undefined, pairs: number, isByNamespace: boolean): Cell | undefined {
  if (!is) return undefined;
  const ports = portWords(is.ports);
  if (is.whole >= pairs) return { state: "all", short: "all", text: ports };
  const isPart = is.whole > 0 || isByNamespace;
  return {
    state: "some",
    short: isByNamespace ? "" : shortPorts(is.ports),
    text: isPart ? `${ports}, for some` : ports,
  };
}

function changedCell(
  is: Gathered | undefined,
  more: Gathered | undefined,
  less: Gathered | undefined,
): Cell | undefined {
  const words = [
    ...(more ? [`opens ${portWords(more.ports)}`] : []),
    ...(less ? [`closes ${portWords(less.ports)}`] : []),
  ];
  if (more || less) {
    const state = more && less ? "both" : more ? "opened" : "closed";
    return { state, short: shortPorts(more?.ports ?? less?.ports ?? noPorts), text: words.join(", ") };
  }
  return is && { state: "kept", short: shortPorts(is.ports), text: `${portWords(is.ports)}, as before` };
}

/** A port where there is one, or how many: what fits a cell. */
function shortPorts(ports: PortSet): string {
  if (covers(ports, tcpAndUdp)) return "all";
  const ranges = portRanges(ports);
  const numbers = new Set(ranges.map(({ from, to }) => (from === to ? String(from) : "")));
  const [only = ""] = numbers;
  if (numbers.size === 1 && only !== "") return only;
  return numbers.has("") ? "ranges" : `${numbers.size} ports`;
}
