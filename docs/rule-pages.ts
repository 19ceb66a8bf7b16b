import { table, text } from "./markdown.ts";
import type { Rule } from "../policy-pack/rule.ts";
import { RULES } from "../policy-pack/rules/index.ts";

/** Where the pages stand, from the project's root. */
export const rulesFolder = "docs/rules";

/** The text of every page by its path from the project's root. */
export function rulePages(): Record<string, string> {
  const pages = RULES.map((rule) => [`${rulesFolder}/${rule.id}.md`, rulePage(rule)]);
  return {
    [`${rulesFolder}/README.md`]: rulesIndex(),
    ...(Object.fromEntries(pages) as Record<string, string>),
  };
}

/** The rules as a table for the README. */
export function rulesTable(): string {
  return table(
    ["rule", "level", "what holds"],
    RULES.map(({ id, level, title }) => [`[${id}](${rulesFolder}/${id}.md)`, level, title]),
  );
}

const GENERATED = "<!-- Generated from policy-pack/rules by docs/generate.ts -->";

const ADDING = `## Adding a rule

1. The knowledge goes into \`model/\`: a function from a document, parts of which may be UNKNOWN, to a
   Verdict (\`model/verdict.ts\`), with its tests.
2. \`policy-pack/rules/<id>.ts\` holds all that is said of the rule, and hands resources to that function:
   \`resourceRule\` for one resource at a time, \`stackRule\` for all of them together.
3. \`policy-pack/rules/index.ts\` lists it, before COV-BLIND.
4. \`test/policy-pack/cases/<id>.ts\` has cases of each kind (pass, fail, unknown, not-applicable), without
   which the tests fail.
5. \`npm run generate\` writes its page.`;

function rulesIndex(): string {
  const rows = RULES.map(({ id, level, severity, title }) => [`[${id}](${id}.md)`, level, severity, title]);
  return text([
    GENERATED,
    "# Rules of the policy pack",
    `Levels can be changed and settings made per rule by \`--policy-pack-config\`:

\`\`\`json
{ "NP-DENY": { "enforcementLevel": "advisory" }, "SVC-NODEPORT": { "allowHealthCheckPorts": true } }
\`\`\``,
    table(["rule", "level", "severity", "holds when"], rows),
    ADDING,
  ]);
}

function rulePage(rule: Rule): string {
  const { id, title, level, severity, scope, rationale, predicate, remedy, controls, schema } = rule;
  const settings = Object.entries(schema).map(([name, { description, default: value }]) => [
    `\`${name}\``,
    description,
    `\`${JSON.stringify(value)}\``,
  ]);
  const judged = scope === "resource" ? "each resource before it is deployed" : "the whole stack";
  return text([
    GENERATED,
    `# ${id}: ${title}`,
    `Level ${level}, severity ${severity}; judges ${judged}.`,
    `## Why\n\n${rationale}`,
    `## What it checks\n\n${predicate}`,
    `## Remedy\n\n${remedy}`,
    settings.length > 0 ? `## Settings\n\n${table(["setting", "meaning", "default"], settings)}` : "",
    controls.length > 0
      ? `## Controls\n\n${table(
          ["framework", "control", "asks for"],
          controls.map(({ framework, version, reference, asks }) => [
            `${framework} ${version}`,
            reference,
            asks,
          ]),
        )}`
      : "",
  ]);
}
