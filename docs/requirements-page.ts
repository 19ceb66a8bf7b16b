import type { KernelNeed } from "../model/cilium/gate/kernel-need.ts";
import { kernelNeeds } from "../model/cilium/gate/kernel-needs.ts";
import { kubernetesFor } from "../model/cilium/gate/kubernetes.ts";
import { table, text } from "./markdown.ts";

/** What nodes and Kubernetes must have, from the gate's own tables. */
export function requirementsPage(): string {
  return text([
    "<!-- Generated from model/cilium/gate/ by docs/generate.ts -->",
    "# What a cluster must have",
    "The preview holds the final chart values against each node, and the chart against the API server's version ([how](operations.md#nodes-that-cannot)). A need without a word on what is lost is refused, because no agent would start; the others are warnings, but for what is hardly missed (`tcx`), which only `npm run explain` tells.",
    "## Kernels",
    table(
      ["need", "kernel", "charts", "what turns it on", "what is lost without", "source"],
      kernelNeeds.map((need) => [
        `${need.what} (\`${need.name}\`)`,
        kernelOf(need),
        chartsOf(need),
        need.key === undefined ? "" : `\`${need.key}\``,
        need.lost ?? "",
        need.source,
      ]),
    ),
    "## Kubernetes",
    table(
      ["chart", "Helm installs it from", "tested with"],
      kubernetesFor.map(({ chart, oldest, tested: [from, to] }) => [
        `1.${chart}`,
        `1.${oldest}`,
        `1.${from} to 1.${to}`,
      ]),
    ),
  ]);
}

const kernelOf = ({ kernel, redHat = {} }: KernelNeed): string =>
  [
    kernel.join("."),
    ...Object.entries(redHat).map(([major, build]) => `or RHEL ${major}'s from build ${build} on`),
  ].join(", ");

function chartsOf({ since, until }: KernelNeed): string {
  if (since === undefined && until === undefined) return "all";
  if (until === undefined) return `from 1.${since} on`;
  const last = `1.${until - 1}`;
  if (since === until - 1) return last;
  return since === undefined ? `to ${last}` : `1.${since} to ${last}`;
}
