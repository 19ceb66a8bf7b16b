import { stringify } from "yaml";
import type { Answer } from "./answer.ts";
import type { Finding, SideAnswer } from "./pairs.ts";

/** An answer as text for a terminal. */
export function describeAnswer({ from, to, port, verdict, findings, notes }: Answer): string {
  const asked = `${from} → ${to}${port === undefined ? "" : ` on ${port}`}`;
  const [only] = findings;
  const ports = findings.filter((one) => one.verdict === "allowed").map((one) => one.ports);
  const which = port === undefined && verdict === "allowed" ? ` on ${[...new Set(ports)].join(", ")}` : "";
  return [
    `${asked}: ${verdict.toUpperCase()}${which}`,
    ...notes.map((note) => `  ${note}`),
    ...findings.flatMap((finding) => ["", ...paragraph(finding, findings.length === 1)]),
    ...(only && findings.length === 1 ? additionLines(only) : []),
  ].join("\n");
}

/** One answer with its reasons; it names its pairs where there are several answers. */
function paragraph({ verdict, from, to, ports, egress, ingress }: Finding, isOnly: boolean): string[] {
  const sides: [string, SideAnswer][] = [
    [`egress of ${several(from)}`, egress],
    [`ingress of ${several(to)}`, ingress],
  ];
  const width = Math.max(...sides.map(([name]) => name.length));
  return [
    ...(isOnly ? [] : [`${verdict} on ${ports}: ${several(from)} → ${several(to)}`]),
    ...sides.map(([name, side]) => `  ${name.padEnd(width)}  ${side.verdict}: ${side.reason}`),
  ];
}

function additionLines({ additions }: Finding): string[] {
  if (additions.length === 0) return [];
  const manifests = additions.flatMap(({ manifest }) => (manifest ? [manifest] : []));
  return [
    "",
    "To allow it:",
    ...additions.map(({ says }) => `  - ${says}`),
    ...manifests.flatMap((manifest) => ["---", stringify(manifest, { lineWidth: 0 }).trimEnd()]),
  ];
}

/** Names, as many as can be read. */
const several = (names: readonly string[]): string =>
  names.length <= 6 ? names.join(", ") : `${names.slice(0, 5).join(", ")} and ${names.length - 5} more`;
