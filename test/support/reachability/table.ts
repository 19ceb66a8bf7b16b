import { connections } from "../../../sandbox/judges/scene.ts";
import type { PolicyCase } from "./policy-case.ts";

/**
 * Where verdicts are not those of the case's matrices, a line each.
 * @param verdicts - a digit for each connection, 3 where both sides let it pass
 */
export function mismatches({ title, scene, ends, expected }: PolicyCase, verdicts: string): string[] {
  return [...connections(scene)].flatMap(({ from, to, port }, at) => {
    const cell = expected[port]?.[from]?.[to];
    const answer = verdicts[at] === "3" ? "+" : ["0", "1", "2"].includes(verdicts[at] ?? "") ? "-" : "?";
    if (cell === "." || cell === answer) return [];
    const on = scene.ports[port];
    const connection = `${ends[from] ?? ""} → ${ends[to] ?? ""} ${on?.protocol ?? ""} ${on?.port ?? ""}`;
    return [`${title}: ${connection} is ${answer}, not ${cell ?? ""}`];
  });
}
