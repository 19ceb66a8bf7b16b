import { dirname, join } from "node:path";
import type { ProgramName, Tools } from "../toolchain/index.ts";
import type { Programs } from "./control-plane/index.ts";

/** The programs of a control plane, where the toolchain has put them. */
export function programsOf(tools: Tools): Programs {
  const kwok = tools.path("kwok");
  return {
    controlPlane: tools.path("control-plane"),
    kwok: { path: kwok, stages: join(dirname(kwok), "stages") },
  };
}

/** The engine with all that a stack of this project is deployed by. */
export const engineTools = [
  "pulumi",
  "pulumi-language-nodejs",
  "pulumi-analyzer-policy",
  "pulumi-resource-kubernetes",
  "pulumi-resource-command",
] as const satisfies readonly ProgramName[];
