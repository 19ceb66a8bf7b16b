import { join } from "node:path";
import type { Programs } from "../../sandbox/control-plane/index.ts";
import { programsOf } from "../../sandbox/programs.ts";
import { ensureTools } from "../../toolchain/index.ts";

/**
 * The programs of a control plane. The environment variable CLUSTER_NETWORK_BIN may
 * name a folder that holds `control-plane`, `kwok` and kwok's `stages`: then nothing is
 * looked for or built, which is how changed programs are tried.
 */
export async function controlPlanePrograms(): Promise<Programs> {
  const bin = process.env.CLUSTER_NETWORK_BIN;
  if (bin === undefined) return programsOf(await ensureTools({ only: ["control-plane", "kwok"] }));
  return {
    controlPlane: join(bin, "control-plane"),
    kwok: { path: join(bin, "kwok"), stages: join(bin, "stages") },
  };
}
