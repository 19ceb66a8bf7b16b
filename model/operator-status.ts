/** What is read of a TigeraStatus: how the operator says a component of it is doing. */
export interface TigeraStatus {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  /** Generation of the Installation that it speaks of; operators of old do not say. */
  readonly observedGeneration?: number;
}

/** Whether the operator says of this generation of the Installation, or a later one, that it is done. */
export function isDone({ status }: TigeraStatus, generation: number): boolean {
  const says = (type: string, value: string): boolean =>
    status?.conditions?.some((condition) => condition.type === type && condition.status === value) === true;
  const outdated = status?.conditions?.some(
    ({ type, observedGeneration }) =>
      type === "Available" && observedGeneration !== undefined && observedGeneration < generation,
  );
  return (
    says("Available", "True") &&
    !says("Progressing", "True") &&
    !says("Degraded", "True") &&
    outdated !== true
  );
}

/** What the operator complains of, or is busy with; undefined when it says neither. */
export function complaintOf({ status }: TigeraStatus): string | undefined {
  const told = ["Degraded", "Progressing"].map((type) =>
    status?.conditions?.find((condition) => condition.type === type && condition.status === "True"),
  );
  const [first] = told.filter((condition) => condition !== undefined);
  return first && `the operator says ${first.type}: ${first.message ?? first.reason ?? "no reason"}`;
}
