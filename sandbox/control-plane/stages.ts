import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join, sep } from "node:path";
import { ControlPlaneError } from "./error.ts";

/**
 * The stages that make kwok's nodes register and stay Ready, and its pods run at
 * once, by their place in kwok's own tree (kustomize/stage).
 */
export const neededStages = [
  "node/fast/node-initialize.yaml",
  "node/heartbeat-with-lease/node-heartbeat-with-lease.yaml",
  "pod/fast/pod-ready.yaml",
  "pod/fast/pod-complete.yaml",
  "pod/fast/pod-delete.yaml",
] as const;

/**
 * The paths of kwok's stage files.
 * @param given a folder that holds them somewhere below, as kwok's tree or flat, or the files themselves
 * @throws ControlPlaneError that names what is missing
 */
export function stageFiles(given: string | readonly string[]): string[] {
  if (typeof given !== "string") {
    const missing = given.filter((file) => !existsSync(file));
    if (missing.length > 0) throw new ControlPlaneError(`No kwok stage at ${missing.join(", ")}`);
    return [...given];
  }
  if (!existsSync(given) || !statSync(given).isDirectory()) {
    throw new ControlPlaneError(`No folder of kwok stages at ${given}: give the one that comes with kwok`);
  }
  const files = readdirSync(given, { recursive: true, encoding: "utf8" });
  return neededStages.map((stage) => {
    const inTree = stage.split("/").join(sep);
    const found =
      files.find((file) => file === inTree || file.endsWith(sep + inTree)) ??
      files.find((file) => basename(file) === basename(inTree));
    if (found === undefined) throw new ControlPlaneError(`No kwok stage ${stage} below ${given}`);
    return join(given, found);
  });
}
