import type { V1PodStatus } from "@kubernetes/client-node";
import type { Member } from "./member.ts";

/** What a pod's status follows from. */
export interface PodFacts {
  readonly members: readonly Pick<Member, "isReady" | "isDone" | "hasFailed" | "hasRun" | "status">[];
  /** Address of its node. */
  readonly hostIP: string;
  readonly podIP: string | undefined;
  readonly startTime: Date;
  /** Why it does not come up. */
  readonly problem: string | undefined;
}

/** The status that a kubelet would report. */
export function podStatus({ members, hostIP, podIP, startTime, problem }: PodFacts): V1PodStatus {
  const isAllReady = members.every(({ isReady }) => isReady);
  const hasRun = members.some((member) => member.hasRun);
  const condition = (type: string, value: boolean) => ({ type, status: value ? "True" : "False" });
  return {
    phase: phaseOf(members, hasRun),
    hostIP,
    ...(podIP !== undefined && { podIP, podIPs: [{ ip: podIP }] }),
    startTime,
    ...(problem !== undefined && { message: problem }),
    conditions: [
      condition("Initialized", hasRun),
      condition("Ready", isAllReady),
      condition("ContainersReady", isAllReady),
      condition("PodScheduled", true),
    ],
    containerStatuses: members.map(({ status }) => status),
  };
}

function phaseOf(members: PodFacts["members"], hasRun: boolean): string {
  if (!members.every(({ isDone }) => isDone)) return hasRun ? "Running" : "Pending";
  return members.some(({ hasFailed }) => hasFailed) ? "Failed" : "Succeeded";
}
