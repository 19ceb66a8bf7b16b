export { ControlPlaneError } from "./error.ts";
export { cleanUp, stopControlPlane } from "./lifecycle.ts";
export type { ControlPlaneOptions, NodePool, Programs } from "./options.ts";
export { startControlPlane } from "./start.ts";
export type { ControlPlane } from "./start.ts";
export { status } from "./status.ts";
