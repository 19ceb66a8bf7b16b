/** What the engine tells of a run, as `--json` streams it; the parts that are used here. */
interface EngineEvent {
  readonly policyEvent?: {
    readonly resourceUrn?: string;
    readonly message: string;
    readonly policyName: string;
    readonly enforcementLevel: string;
  };
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string };
  readonly summaryEvent?: { readonly resourceChanges?: Readonly<Record<string, number>> };
}

/** A rule that a resource breaks. */
export interface Violation {
  readonly rule: string;
  readonly level: string;
  /** Type and name of the resource; empty when the rule judged the whole stack. */
  readonly resource: string;
  readonly message: string;
}

/** Environment that makes `preview --json` stream its events, as `up --json` does. */
export const streamingPreview = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" };

/** Reads the events of a run with `--json`; lines that are none (warnings of the engine) are passed over. */
export function readEvents(output: string): EngineEvent[] {
  return output.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    try {
      return [JSON.parse(line) as EngineEvent];
    } catch {
      return [];
    }
  });
}

/** The rules that were broken. */
export function violations(events: readonly EngineEvent[]): Violation[] {
  return events.flatMap(({ policyEvent }) => {
    if (!policyEvent) return [];
    const { policyName, enforcementLevel, resourceUrn, message } = policyEvent;
    return [
      {
        rule: policyName,
        level: enforcementLevel,
        resource: shortUrn(resourceUrn ?? ""),
        message: plain(message),
      },
    ];
  });
}

/** How many resources were created, updated, deleted or left as they were. */
export function changes(events: readonly EngineEvent[]): Readonly<Record<string, number>> {
  return events.findLast(({ summaryEvent }) => summaryEvent)?.summaryEvent?.resourceChanges ?? {};
}

/** Errors that the run ended with, as text. */
export function errors(events: readonly EngineEvent[]): string[] {
  return events.flatMap(({ diagnosticEvent }) =>
    diagnosticEvent?.severity === "error" ? [plain(diagnosticEvent.message).trim()] : [],
  );
}

/** `urn:pulumi:dev::shop::kubernetes:core/v1:Service::web` → `Service web`; nothing for the stack itself. */
function shortUrn(urn: string): string {
  const [, , type = "", name = ""] = urn.split("::");
  return type === "" || type === "pulumi:pulumi:Stack" ? "" : `${type.split(":").at(-1) ?? type} ${name}`;
}

/** The engine marks colours as `<{%reset%}>`. */
const plain = (text: string): string => text.replace(/<\{%[^%]*%\}>/g, "");
