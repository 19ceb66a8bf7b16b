import { relative } from "node:path";
import { defaultName, type Stage } from "./stage.ts";

interface Leaving {
  /** What the demo did not do for real, in a line. */
  readonly leftOut: string;
  /** Further commands to look around with. */
  readonly commands?: readonly string[];
}

/** Leaves the cluster up, waits for Ctrl-C where somebody sits at a terminal, or stops it. */
export async function leave(
  { name, style, ending, keep }: Stage,
  kubeconfig: string,
  { leftOut, commands = [] }: Leaving,
): Promise<void> {
  const kubectl = `kubectl --kubeconfig ${relative(process.cwd(), kubeconfig)}`;
  const all = [
    `${kubectl} get networkpolicies -A`,
    `${kubectl} -n kube-system get pods -o wide`,
    `${kubectl} -n kube-system get configmap coredns -o yaml`,
    ...commands,
  ];
  const said = (head: string, lines: readonly string[]): string[] =>
    lines.map((line, index) => `${style.bold((index === 0 ? head : "").padEnd(14))}${line}`);
  const lines = [leftOut, "", ...said("Look around", all)];
  const interactive = process.stdin.isTTY && process.stdout.isTTY;
  const named = name === defaultName ? "" : ` --name ${name.slice(defaultName.length + 1)}`;
  if (keep) console.log([...lines, ...said("Stop", [`npm run demo -- --stop${named}`])].join("\n"));
  else if (interactive) {
    console.log([...lines, ...said("Stop", ["Ctrl-C"])].join("\n"));
    await new Promise(() => setInterval(() => undefined, 60_000));
  } else {
    console.log(leftOut);
    await ending.run();
    console.log("The cluster is stopped again: `npm run demo -- --keep` leaves it up");
  }
}
