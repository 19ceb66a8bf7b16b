/** What is read of a pod, as the API server has it. */
export interface ObservedPod {
  readonly spec?: { readonly nodeName?: string };
  readonly status?: {
    readonly phase?: string;
    readonly message?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
    readonly initContainerStatuses?: readonly ObservedContainer[];
    readonly containerStatuses?: readonly ObservedContainer[];
  };
}

interface ObservedContainer {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly terminated?: Ending;
  };
  readonly lastState?: { readonly terminated?: Ending };
}

interface Ending {
  readonly exitCode: number;
  readonly message?: string;
}

/** Whether a pod is ready, as its own conditions say. */
export const isReady = ({ status }: ObservedPod): boolean =>
  status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") === true;

/** For each pod that is not ready: its node, and why, in the pod's own words where it has any. */
export function latePods(pods: readonly ObservedPod[]): string[] {
  return pods
    .filter((pod) => !isReady(pod))
    .map((pod) => `${pod.spec?.nodeName ?? "no node yet"}: ${reasonOf(pod)}`);
}

function reasonOf({ status }: ObservedPod): string {
  // Nothing else starts before the init containers are through.
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const late = containers.find(({ ready, state }) => !ready && state?.terminated?.exitCode !== 0);
  const ended = late?.state?.terminated ?? late?.lastState?.terminated;
  if (late && ended) {
    const said = lastComplaint(ended.message ?? "");
    const restarts = late.restartCount > 0 ? ` (restarts: ${late.restartCount})` : "";
    return `${late.name} ended with exit code ${ended.exitCode}${restarts}${said && `: ${said}`}`;
  }
  const unscheduled = status?.conditions?.find((c) => c.type === "PodScheduled" && c.status !== "True");
  const told = unscheduled?.message ?? status?.message;
  if (told !== undefined) return told;
  const waiting = late?.state?.waiting;
  if (late && waiting)
    return `${late.name} waits (${[waiting.reason, waiting.message].filter(Boolean).join(": ")})`;
  return `${late?.name ?? "the pod"} runs, but is not ready`;
}

/** The last line that says what is wrong, without the logger's dress: agents log in key=value pairs. */
function lastComplaint(log: string): string {
  const lines = log.split("\n").filter((line) => line.trim() !== "");
  const line = lines.findLast((text) => /level=(fatal|error)/.test(text)) ?? lines.at(-1) ?? "";
  const field = (name: string): string | undefined =>
    new RegExp(`${name}=("((?:[^"\\\\]|\\\\.)*)"|\\S+)`)
      .exec(line)
      ?.slice(1)
      .findLast(Boolean)
      ?.replaceAll('\\"', '"');
  const [message, error] = [field("msg"), field("error")];
  return message === undefined ? line.slice(0, 300) : [message, error].filter(Boolean).join(": ");
}
