/**
 * When policies come, the first stage first; they go the other way round. A policy isolates what it selects,
 * so the narrow ones come first: `workload` holds all flows of the pods that it selects, `all-pods` those of
 * every pod that no `workload` selects, `dns` and `deny` select every pod.
 */
export const policyStages = ["workload", "all-pods", "dns", "deny"] as const;
