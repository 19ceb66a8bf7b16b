import type { Cell, CellState as Change, Matrix, Party } from "./matrix.ts";

type CellState = Change | "none";

/** A matrix as an SVG that stands alone: no scripts, no fonts, no links; light or dark as the viewer is. */
export function matrixSvg(matrix: Matrix): string {
  const layout = layoutOf(matrix);
  const { width, height, top, left, cell, places, end } = layout;
  const { parties, title, isComparison } = matrix;
  const legend = legendOf(isComparison, matrix);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    `<defs><pattern id="doubt" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="none" width="6" height="6"/><rect class="hatch" width="2" height="6"/></pattern></defs>`,
    `<rect class="paper" width="${width}" height="${height}" rx="6"/>`,
    `<text class="title" x="${margin}" y="${margin + 10}">${escaped(title)}</text>`,
    `<text class="dim" x="${margin}" y="${margin + 28}">rows talk to columns</text>`,
    ...blocks(layout).map(
      ([x, y, w, h]) => `<rect class="none" x="${x}" y="${y}" width="${w}" height="${h}" rx="2"/>`,
    ),
    `<path class="grid" d="${gridOf(layout)}"/>`,
    ...parties.map((party, i) => rowLabel(party, left - 8, top + (places[i]?.y ?? 0) + cell.height / 2)),
    ...parties.map((party, i) => columnLabel(party, left + (places[i]?.x ?? 0) + cell.width / 2, top - 8)),
    ...[...matrix.cells].flatMap(([row, columns]) =>
      [...columns].map(([column, one]) => cellOf(matrix, layout, row, column, one)),
    ),
    `<g transform="translate(${margin} ${top + end.y + 22})">${legend}</g>`,
    "</svg>",
    "",
  ].join("\n");
}

const [margin, gap, labelSize] = [20, 7, 11];
/** Of a character of a label, generously: fonts differ. */
const charWidth = 6.3;
const longestName = 44;

interface Layout {
  readonly width: number;
  readonly height: number;
  /** Where the first cell is. */
  readonly top: number;
  readonly left: number;
  readonly cell: { readonly width: number; readonly height: number };
  /** Of each row and column, from the first cell; bands stand apart. */
  readonly places: readonly { readonly x: number; readonly y: number }[];
  readonly end: { readonly x: number; readonly y: number };
  /** First and last number of each band. */
  readonly bands: readonly (readonly [number, number])[];
  /** Number of the first that is outside: these have nothing to do with each other here. */
  readonly outsideFrom: number;
}

function layoutOf({ parties, title }: Matrix): Layout {
  const count = parties.length;
  const cell =
    count <= 14
      ? { width: 50, height: 28 }
      : count <= 32
        ? { width: 24, height: 20 }
        : { width: 15, height: 15 };
  const bands: [number, number][] = [];
  const places: { x: number; y: number }[] = [];
  const at = { x: 0, y: 0 };
  parties.forEach(({ band }, i) => {
    const last = bands.at(-1);
    if (last && parties[i - 1]?.band === band) last[1] = i;
    else {
      if (last) [at.x, at.y] = [at.x + gap, at.y + gap];
      bands.push([i, i]);
    }
    places.push({ ...at });
    [at.x, at.y] = [at.x + cell.width, at.y + cell.height];
  });
  const longest = Math.max(10, ...parties.map(({ name }) => shortened(name).length)) * charWidth;
  const left = Math.ceil(margin + longest + 8);
  // Column labels lean by 60 degrees: they are that high, and half as wide.
  const top = Math.ceil(margin + 44 + longest * 0.87 + 8);
  const right = Math.ceil(longest * 0.5 + margin);
  return {
    ...{ top, left, cell, places, bands, end: { ...at } },
    outsideFrom: parties.filter(({ namespace }) => namespace !== undefined).length,
    width: Math.ceil(Math.max(left + at.x + right, title.length * 7.6 + 2 * margin, 480)),
    height: Math.ceil(top + at.y + 22 + 2 * 20 + margin),
  };
}

/** The ground of what two bands have to do with each other. */
function blocks({ bands, places, cell, left, top, outsideFrom }: Layout): [number, number, number, number][] {
  const spans = bands.map(([first, last]) => {
    const [from, to] = [places[first] ?? { x: 0, y: 0 }, places[last] ?? { x: 0, y: 0 }];
    const isOutside = first >= outsideFrom;
    return { ...from, isOutside, width: to.x - from.x + cell.width, height: to.y - from.y + cell.height };
  });
  return spans.flatMap((row) =>
    spans
      .filter((column) => !(row.isOutside && column.isOutside))
      .map((column): [number, number, number, number] => [
        left + column.x,
        top + row.y,
        column.width,
        row.height,
      ]),
  );
}

/** Lines between the cells, in the colour of the paper. */
function gridOf({ bands, places, cell, left, top, end }: Layout): string {
  const inner = bands.flatMap(([first, last]) => places.slice(first + 1, last + 1));
  return [
    ...inner.map(({ y }) => `M${left} ${top + y}h${end.x}`),
    ...inner.map(({ x }) => `M${left + x} ${top}v${end.y}`),
    // Twelve columns in a row are hard to follow without the diagonal, where pods talk to their like.
    ...places.map(({ x, y }) => `M${left + x} ${top + y}l${cell.width} ${cell.height}`),
  ].join("");
}

const rowLabel = (party: Party, x: number, y: number): string =>
  `<text class="label" text-anchor="end" x="${x}" y="${round(y + 4)}">${nameOf(party)}</text>`;

const columnLabel = (party: Party, x: number, y: number): string =>
  `<text class="label" transform="translate(${round(x + 3)} ${y}) rotate(-60)">${nameOf(party)}</text>`;

/** The namespace stands back behind the name. */
function nameOf({ name }: Party): string {
  const text = shortened(name);
  const cut = text.indexOf("/") + 1;
  const full = text === name ? "" : `<title>${escaped(name)}</title>`;
  const space = cut === 0 ? "" : `<tspan class="dim">${escaped(text.slice(0, cut))}</tspan>`;
  return `${full}${space}${escaped(text.slice(cut))}`;
}

const shortened = (name: string): string =>
  name.length <= longestName ? name : `${name.slice(0, longestName - 1)}…`;

function cellOf(
  { parties }: Matrix,
  { left, top, places, cell }: Layout,
  row: number,
  column: number,
  one: Cell,
): string {
  const [x, y] = [left + (places[column]?.x ?? 0) + 1, top + (places[row]?.y ?? 0) + 1];
  const [width, height] = [cell.width - 2, cell.height - 2];
  const names = `${parties[row]?.name ?? ""} → ${parties[column]?.name ?? ""}: ${one.text}`;
  const sign = cell.width >= 40 && one.state !== "unknown" ? one.short : "";
  return [
    `<g><title>${escaped(names)}</title>`,
    shapeOf(one.state, x, y, width, height),
    sign === ""
      ? signOf(one.state, x, y, width, height)
      : `<text class="in ${one.state}-ink" x="${x + width / 2}" y="${y + height / 2 + 4}">${escaped(mark[one.state] + sign)}</text>`,
    "</g>",
  ].join("");
}

/** Not by colour alone: some ports are round, every port is square, and a change has its sign. */
function shapeOf(state: CellState, x: number, y: number, width: number, height: number): string {
  const corner = state === "some" || state === "kept" ? Math.min(width, height) / 2 : 2;
  const fill = state === "unknown" ? 'fill="url(#doubt)"' : `class="${state}"`;
  return `<rect ${fill} x="${x}" y="${y}" width="${width}" height="${height}" rx="${corner}"/>`;
}

const mark: Readonly<Record<CellState, string>> = {
  ...{ none: "", some: "", all: "", kept: "", unknown: "?" },
  ...{ opened: "+", closed: "−", both: "±" },
};

const signOf = (state: CellState, x: number, y: number, width: number, height: number): string =>
  mark[state] === ""
    ? ""
    : `<text class="in ${state}-ink" x="${x + width / 2}" y="${y + height / 2 + 4}">${mark[state]}</text>`;

function legendOf(isComparison: boolean, { cells }: Matrix): string {
  const used = new Set(
    [...cells.values()].flatMap((columns) => [...columns.values()].map(({ state }) => state)),
  );
  const all: [CellState, string][] = isComparison
    ? [
        ["opened", "opens"],
        ["closed", "closes"],
        ["both", "opens and closes"],
        ["kept", "passes, as before"],
        ["none", "denied, as before"],
      ]
    : [
        ["some", "passes on some ports"],
        ["all", "passes on every port"],
        ["none", "denied"],
      ];
  const shown = [...all, ...(used.has("unknown") ? [["unknown", "not certain"] as [CellState, string]] : [])];
  let x = 0;
  return shown
    .map(([state, text]) => {
      const here = x;
      x += 30 + text.length * charWidth + 14;
      const sign = signOf(state, here, 0, 20, 14);
      return `${shapeOf(state, here, 0, 20, 14)}${sign}<text class="label" x="${here + 27}" y="11">${text}</text>`;
    })
    .join("");
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** Text that cannot end where it stands, whatever somebody called a pod. */
const escaped = (text: string): string =>
  text
    // XML 1.0 has no place for control characters, not even escaped.
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");

const font = "ui-sans-serif, system-ui, 'Segoe UI', Helvetica, Arial, 'DejaVu Sans', sans-serif";

const style = [
  `text { font: ${labelSize}px ${font}; }`,
  ".title { font-size: 14px; font-weight: 600; } .in { text-anchor: middle; font-size: 10px; font-weight: 600; }",
  ...themed(""),
  `@media (prefers-color-scheme: dark) { ${themed("dark").join(" ")} }`,
].join("\n");

function themed(theme: "" | "dark"): string[] {
  const dark = theme === "dark";
  const pick = (light: string, other: string): string => (dark ? other : light);
  const fill = (selector: string, light: string, other: string): string =>
    `${selector} { fill: ${pick(light, other)}; }`;
  return [
    fill(".paper", "#ffffff", "#0d1117"),
    fill(".title, .label", "#1f2328", "#e6edf3"),
    fill(".dim", "#656d76", "#8b949e"),
    fill(".none", "#eaeef2", "#1c2430"),
    fill(".some", "#2da44e", "#2ea043"),
    fill(".all", "#d4940a", "#d29922"),
    fill(".kept", "#b9c3cd", "#46515e"),
    fill(".opened", "#cf222e", "#f85149"),
    fill(".closed", "#0969da", "#388bfd"),
    fill(".both", "#8250df", "#a371f7"),
    fill(".hatch", "#8c959f", "#6e7681"),
    fill(".some-ink, .opened-ink, .closed-ink, .both-ink", "#ffffff", "#ffffff"),
    fill(".all-ink", "#1f2328", "#0d1117"),
    fill(".unknown-ink, .kept-ink", "#1f2328", "#e6edf3"),
    `.grid { stroke: ${pick("#ffffff", "#0d1117")}; fill: none; }`,
  ];
}
