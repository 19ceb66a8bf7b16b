/** Writes what is generated from the sources: `npm run generate`; `--check` only compares. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { policiesPage } from "./policies-page.ts";
import { profilesPage } from "./profiles-page.ts";
import { requirementsPage } from "./requirements-page.ts";
import { rulePages, rulesTable } from "./rule-pages.ts";
import { settingsJsonSchema } from "../model/settings.ts";

/** Every generated file with its text. */
function generatedFiles(): Record<string, string> {
  return {
    "docs/settings.schema.json": `${JSON.stringify(stackFileSchema(), null, 2)}\n`,
    ...rulePages(),
    "docs/policies.md": policiesPage(),
    "docs/profiles.md": profilesPage(),
    "docs/requirements.md": requirementsPage(),
    "README.md": readme(),
  };
}

/** The README with the rules between its marks. */
function readme(): string {
  const [start, end] = ["<!-- rules -->", "<!-- /rules -->"];
  const text = readFileSync("README.md", "utf8");
  const [before, after] = [text.split(start)[0] ?? "", text.split(end)[1] ?? ""];
  return `${before}${start}\n\n${rulesTable()}\n\n${end}${after}`;
}

/** JSON Schema of `Pulumi.<stack>.yaml`, for editors. */
function stackFileSchema(): unknown {
  const { $schema, properties, required } = settingsJsonSchema();
  return {
    $schema,
    title: "Pulumi.<stack>.yaml of cluster-network",
    type: "object",
    properties: {
      config: {
        type: "object",
        required: (required as string[]).map(prefixed),
        properties: Object.fromEntries(
          Object.entries(properties as object).map(([key, value]) => [prefixed(key), value]),
        ),
      },
    },
  };
}

const prefixed = (key: string): string => `cluster-network:${key}`;

function main(check: boolean): void {
  for (const [file, text] of Object.entries(generatedFiles())) {
    if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
    if (check) {
      console.error(`${file} is not what the sources give: run npm run generate`);
      process.exitCode = 1;
    } else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      console.log(file);
    }
  }
}

main(process.argv.includes("--check"));
