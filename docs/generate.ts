/** Writes what is generated from the sources: `npm run generate`; `--check` only compares. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { settingsJsonSchema } from "../model/settings.ts";

/** Every generated file with its text. */
export function generatedFiles(): Record<string, string> {
  return { "docs/settings.schema.json": `${JSON.stringify(stackFileSchema(), null, 2)}\n` };
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

if (require.main === module) main(process.argv.includes("--check"));
