import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { ClusterError, firstLine } from "../cluster-error.ts";

/** How long a download may take. */
const downloadedWithinMs = 60_000;

/**
 * The YAML files at a path of this machine: the file itself, or all below a folder, in a fixed order.
 * @throws ClusterError when there are none
 */
export function readCrdFiles(path: string): readonly { readonly file: string; readonly text: string }[] {
  const files = yamlFiles(path);
  if (files.length > 0) return files.map((file) => ({ file, text: readFileSync(file, "utf8") }));
  throw new ClusterError({
    path: "cilium.gatewayApi.crds.path",
    message: `No CRDs at ${path} (there is no YAML file)`,
    remedy: "name a file or folder with the CRDs of the Gateway API, relative to the program's folder",
  });
}

function yamlFiles(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found ? [path] : [];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Tells one content of these files from another. */
export function contentHash(path: string): string {
  const hash = createHash("sha256");
  for (const { text } of readCrdFiles(path)) hash.update(text).update("\0");
  return hash.digest("hex");
}

/** All objects in files at a path. */
export const documentsAt = (path: string): unknown[] =>
  readCrdFiles(path).flatMap(({ file, text }) => parseDocuments(text, file));

/**
 * All objects in a file that is downloaded.
 * @param sha256 - digest that it must have
 */
export async function documentsFrom(url: string, sha256: string | undefined): Promise<unknown[]> {
  const bytes = await download(url);
  const digest = createHash("sha256").update(bytes).digest("hex");
  if (sha256 !== undefined && digest !== sha256) {
    throw new ClusterError({
      path: url,
      message: `Has SHA-256 ${digest}, not ${sha256}`,
      remedy: "find out which of the two is right before you change cilium.gatewayApi.crds.sha256",
    });
  }
  return parseDocuments(bytes.toString("utf8"), url);
}

async function download(url: string): Promise<Buffer> {
  let reason: string;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(downloadedWithinMs) });
    if (answer.ok) return Buffer.from(await answer.arrayBuffer());
    reason = `${answer.status} ${answer.statusText}`;
  } catch (error) {
    reason = firstLine(error);
  }
  throw new ClusterError({
    path: url,
    message: `Cannot be downloaded (${reason})`,
    remedy:
      "without a way out, fetch it elsewhere and name the file by cilium.gatewayApi.crds.path, or a mirror by cilium.gatewayApi.crds.url",
  });
}

function parseDocuments(text: string, from: string): unknown[] {
  return parseAllDocuments(text).map((document) => {
    const [error] = document.errors;
    if (!error) return document.toJS() as unknown;
    throw new ClusterError({
      path: from,
      message: `Is not YAML (${firstLine(error)})`,
      remedy: "look at what is there: a proxy's login page, perhaps",
    });
  });
}
