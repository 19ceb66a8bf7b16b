export { allowedFlows } from "./allowed.ts";
export type { AllowedBlock, AllowedFlows, Party } from "./allowed.ts";
export { readPolicies } from "./read-policies.ts";
export { judge } from "./verdict.ts";
export type { Connection, End } from "./verdict.ts";
export type { Dialect, PodGroup, World } from "./world.ts";
