import { type Profile, profileNames, profiles } from "../model/profiles.ts";
import { formatProblem } from "../model/problem.ts";
import { readSettings } from "../model/settings.ts";
import { type NetworkSizes, networkSizes } from "../model/sizing/network-sizes.ts";
import { readStackFile } from "../stacks/stack-file.ts";
import { table, text } from "./markdown.ts";

/** Folder of an example stack for each profile. */
const examples = "examples/profiles";

/** The numbers that tell one shape from another. */
const telling = [
  "pods",
  "conntrackMax",
  "conntrackMemory",
  "neighbours3",
  "operatorReplicas",
  "bpfMapRatio",
  "bpfCtTcp",
  "bpfCtAny",
  "lbEntries",
  "lbMapMax",
  "policyMapMax",
  "bpfMemory",
  "bpfMemoryBudget",
  "ciliumEndpointSlices",
  "addressBlocks",
];

/** The decision matrix, from the model and the example stacks. */
export function profilesPage(): string {
  return text([
    "<!-- Generated from model/profiles.ts by docs/generate.ts -->",
    "# Profiles",
    `A profile is a set of settings that suit what a cluster is for. It stands in the stack file, and whatever the stack says itself wins over it, key by key:

\`\`\`yaml
config:
  cluster-network:profile: high-scale
\`\`\`

\`npm run explain -- <stack>\` shows, without a cluster, what the profile chose, what the stack has put in its place, every number with its reason and source, and where profile and shape disagree. The preview says the latter, too.`,
    "## The decision matrix",
    table(
      ["profile", "suits", "approach", "example"],
      profileNames.map((name) => {
        const { suits, approach } = profiles[name];
        return [`[${name}](#${name})`, suits, approach, `[stack](../${exampleOf(name)})`];
      }),
    ),
    "Without a profile (`baseline`) the stack has the defaults of [settings.schema.json](settings.schema.json).",
    ...profileNames.map((name) => section(name, profiles[name])),
    "## Numbers",
    "No profile sets a size: sizes follow from the cluster's shape, and change only with what they depend on. Those of the examples:",
    sizeTable(),
    "Where a number is missing, the datapath has none of it: eBPF maps are Cilium's, blocks of addresses Calico's. Where it is known, the load is said in the section `cluster` (`pods`, `endpoints`, `identities`, `connections`, `dnsQueriesPerSecond`); elsewhere it is assumed. An assumed load resizes no connection map, for another size makes the agent throw its map away. Node pools are sized by the least of them where one number holds for every node; what each agent decides by itself is said for each pool. The user's own `cilium.values` win over every formula.",
  ]);
}

const exampleOf = (name: string): string => `${examples}/Pulumi.${name}.yaml`;

function section(name: string, { choices }: Profile): string {
  const rows = choices.map(({ path, value, because }) => [`\`${path}\``, `\`${String(value)}\``, because]);
  return `### ${name}\n\n${table(["setting", "value", "because"], rows)}`;
}

function sizeTable(): string {
  const sizes = profileNames.map((name) => exampleSizes(name).all);
  return table(
    ["number", ...profileNames, "unit"],
    telling.map((number) => [
      number,
      ...sizes.map((all) => all[number]?.value.toLocaleString("en", { maximumFractionDigits: 4 }) ?? ""),
      sizes.find((all) => all[number] !== undefined)?.[number]?.unit ?? "",
    ]),
  );
}

function exampleSizes(name: string): NetworkSizes {
  const { config, problems: unreadable } = readStackFile(exampleOf(name));
  const { settings, problems } = readSettings(config);
  if (!settings) throw new Error([...unreadable, ...problems].map(formatProblem).join("\n"));
  return networkSizes(settings);
}
