import { dirname, join } from "node:path";
import type { Tools } from "../toolchain/index.ts";
import type { Programs } from "./control-plane/index.ts";

/** The programs of a control plane, where the toolchain has put them. */
export function programsOf(tools: Tools): Programs {
  const kwok = tools.path("kwok");
  return { controlPlane: tools.path("control-plane"), kwok, kwokStages: join(dirname(kwok), "stages") };
}
