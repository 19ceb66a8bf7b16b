import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Sandbox } from "./sandbox.ts";

/** A chart of Calico on this machine. */
export interface CalicoChart {
  readonly version: string;
  readonly chart: { readonly path: string };
}

/** Copies Calico's real chart into the scratch folder, under the version that it is published by. */
export function calicoChart({ tools, folder }: Sandbox): CalicoChart {
  const version = "v3.28.5";
  const path = join(folder, "tigera-operator");
  cpSync(tools.path("calico-chart"), path, { recursive: true, dereference: true });
  const file = join(path, "Chart.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace("version: v0.0", `version: ${version}`));
  return { version, chart: { path } };
}
