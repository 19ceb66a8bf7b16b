import { LineCounter, parseAllDocuments } from "yaml";
import type { Sourced } from "../../model/reachability/inventory/objects.ts";
import type { Problem } from "../../model/problem.ts";

/** Manifests that were read, or why not; some may have been read where others have not. */
export interface ReadManifests {
  readonly found: readonly Sourced[];
  readonly problems: readonly Problem[];
}

/**
 * Reads all documents of a YAML or JSON text.
 * @param name - of the file, for messages
 */
export function readText(name: string, text: string): ReadManifests {
  const json = asJson(text);
  if (json !== undefined) return { found: [{ where: name, manifest: json }], problems: [] };
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines });
  const found: Sourced[] = [];
  const problems: Problem[] = [];
  [...documents].forEach((document, i) => {
    const where = documents.length === 1 ? name : `${name}, document ${i + 1}`;
    const [error] = document.errors;
    if (error) {
      const { line, col } = lines.linePos(error.pos[0]);
      const [message = ""] = error.message.split(/ at line |\n/);
      problems.push({
        path: `${name}:${line}:${col}`,
        message: `${documents.length === 1 ? "" : `Document ${i + 1} is `}${documents.length === 1 ? "Not" : "not"} YAML (${message})`,
        remedy: text.includes("{{")
          ? "render the template first: `helm template … | npm run reachability -- -`"
          : "mend it there",
      });
      return;
    }
    try {
      const manifest = document.toJS() as unknown;
      if (manifest !== null && manifest !== undefined) found.push({ where, manifest });
    } catch (error) {
      const message = `Cannot be read (${error instanceof Error ? error.message : String(error)})`;
      problems.push({ path: where, message, remedy: "write its aliases out" });
    }
  });
  return { found, problems };
}

/** Long lists come as JSON, and JSON.parse is a hundred times as quick; what it refuses may be YAML yet. */
function asJson(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
