import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "../lock.mjs";
import { explainReadOnly } from "./complaint.mjs";
import { npm } from "./npm.mjs";

/**
 * Runs `npm ci` in the checkout when its node_modules is missing or is not what
 * package-lock.json says. Throws a Complaint.
 */
export async function ensureModules(checkout, log) {
  if (installed(checkout)) return;
  const remedy = "npm puts node_modules there: make the folder writable, or clone into one that is yours.";
  await explainReadOnly(checkout, remedy, () =>
    withLock(
      join(checkout, ".tools", "locks", "npm-ci"),
      "npm ci",
      async () => {
        if (installed(checkout)) return;
        log(`Installing the packages of package-lock.json into ${join(checkout, "node_modules")} (npm ci) …`);
        const begun = Date.now();
        await npm(["ci"], checkout, "installs the project's dependencies");
        log(`Packages installed in ${Math.round((Date.now() - begun) / 1000)} s`);
      },
      { onWait: log },
    ),
  );
}

/**
 * True when node_modules holds what package-lock.json says. npm's own record of what
 * it installed is compared by content: the time of a file tells nothing after a checkout.
 */
function installed(checkout) {
  let wanted, present;
  try {
    wanted = packages(join(checkout, "package-lock.json"));
    present = packages(join(checkout, "node_modules", ".package-lock.json"));
  } catch {
    return false;
  }
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === "") continue;
    const found = present[path];
    // An optional package may rightly be absent: most are for other platforms.
    if (found ? found.version !== entry.version || found.integrity !== entry.integrity : !isOptional(entry)) {
      return false;
    }
  }
  // npm writes its record last, but somebody may have emptied the folder since.
  return existsSync(join(checkout, "node_modules", "tsx", "package.json"));
}

function packages(lockFile) {
  return JSON.parse(readFileSync(lockFile, "utf8")).packages;
}

function isOptional(entry) {
  return entry.optional === true || entry.devOptional === true;
}
