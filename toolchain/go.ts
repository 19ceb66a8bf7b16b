import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { platform } from "./cache.ts";
import { codeOf, ToolError } from "./errors.ts";
import { compareVersions, findVersion } from "./versions.ts";

/** Go on this machine, as far as builds care. */
export interface Go {
  readonly version: string;
  /** What every go command of ours gets on top of the environment. */
  readonly env: Readonly<Record<string, string>>;
}

const HOW_TO_GET_GO =
  "install it from go.dev/dl or your package manager (apt install golang, dnf install golang, brew install go) and put it on PATH";

/** The Go version that a module's go.mod asks for. */
export function requiredGo(moduleFolder: string): string {
  const line = /^go\s+(\S+)/m.exec(readFileSync(join(moduleFolder, "go.mod"), "utf8"));
  return line?.[1] ?? "1.21";
}

/**
 * Finds Go and checks that it can build what needs `required`. `purpose` is what the
 * builds are for: it stands in the error when Go is missing or too old.
 */
export async function findGo(required: string, purpose: string): Promise<Go> {
  const settings = await goEnvironment(required, purpose);
  const version = findVersion(`${settings.GOVERSION ?? ""}.0`) ?? "0";
  // Go before 1.21 knows no GOTOOLCHAIN; from then on it fetches a newer one unless it is told not to.
  const toolchain = settings.GOTOOLCHAIN ?? "local";
  const fetches = toolchain === "auto" || toolchain.endsWith("+auto");
  if (compareVersions(version, required) < 0 && !fetches) {
    throw new ToolError(
      `Go ${version} is too old for ${purpose}, which needs Go ${required} or newer` +
        (compareVersions(version, "1.21") >= 0
          ? ` (GOTOOLCHAIN is ${toolchain}, so it may not fetch a newer one)\n` +
            `  Either set GOTOOLCHAIN=auto, or ${HOW_TO_GET_GO}.`
          : `\n  For a newer Go, ${HOW_TO_GET_GO}.`),
    );
  }
  return { version, env: buildEnvironment(settings.GOFLAGS ?? "") };
}

async function goEnvironment(required: string, purpose: string): Promise<Record<string, string | undefined>> {
  try {
    const asked = ["env", "-json", "GOVERSION", "GOTOOLCHAIN", "GOFLAGS"];
    // Outside of any module: inside one, an old Go would fetch another before it answers.
    const { stdout } = await promisify(execFile)("go", asked, { cwd: tmpdir(), timeout: 30_000 });
    return JSON.parse(stdout) as Record<string, string>;
  } catch (error) {
    const reason =
      codeOf(error) === "ENOENT" ? "Go is not on PATH" : `Go does not answer (${String(error).trim()})`;
    throw new ToolError(
      `${reason}, and ${purpose} needs Go ${required} or newer\n  For Go, ${HOW_TO_GET_GO}.\n` +
        "  Without Go, put the programs themselves on PATH where there are releases of them (pulumi, coredns).",
    );
  }
}

/** The user's own flags stay, but the build must not depend on where the checkout lies or change its pins. */
function buildEnvironment(userFlags: string): Record<string, string> {
  const kept = userFlags.split(/\s+/).filter((flag) => flag !== "" && !/^-?-(mod|buildvcs)(=|$)/.test(flag));
  const here = platform();
  return {
    CGO_ENABLED: "0",
    GOFLAGS: [...kept, "-mod=readonly", "-buildvcs=false"].join(" "),
    GOWORK: "off",
    GOOS: here.os,
    GOARCH: here.arch,
  };
}
