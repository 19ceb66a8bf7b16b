export { allowedFlows } from "./allowed.ts";
export type { AllowedBlock, AllowedFlows, Party } from "./allowed.ts";
export type { PortRange } from "./ports.ts";
export { readPolicies } from "./read-policies.ts";
export type { PolicyKind, ReadPolicy } from "./rules.ts";
export { judge } from "./verdict.ts";
export type { Connection, ConnectionVerdict, End, RuleReference, SideVerdict } from "./verdict.ts";
export type { Dialect, PodGroup, World, WorldNetwork } from "./world.ts";
