/** Who is at one end of a flow. */
export interface FlowEnd {
  readonly namespace?: string;
  readonly pod?: string;
  /** Such as "reserved:world", "k8s:app=web". */
  readonly labels: readonly string[];
  readonly address?: string;
  readonly port?: number;
}

/** One packet as Hubble tells it, with what was decided about it. */
export interface Flow {
  readonly time: string;
  readonly node: string;
  readonly verdict: string;
  /** Why it was dropped, such as POLICY_DENIED. */
  readonly dropReason?: string;
  readonly direction?: string;
  readonly isReply: boolean;
  readonly protocol: string;
  readonly from: FlowEnd;
  readonly to: FlowEnd;
  /** Policies that allow it, as "namespace/name", where the agent says so. */
  readonly allowedBy: readonly string[];
}

interface RawEnd {
  readonly namespace?: string;
  readonly pod_name?: string;
  readonly labels?: readonly string[];
}

interface RawPolicy {
  readonly namespace?: string;
  readonly name?: string;
}

interface RawFlow {
  readonly time?: string;
  readonly node_name?: string;
  readonly verdict?: string;
  readonly drop_reason_desc?: string;
  readonly traffic_direction?: string;
  readonly is_reply?: boolean | null;
  readonly IP?: { readonly source?: string; readonly destination?: string };
  readonly l4?: Readonly<
    Record<string, { readonly source_port?: number; readonly destination_port?: number } | undefined>
  >;
  readonly source?: RawEnd;
  readonly destination?: RawEnd;
  readonly egress_allowed_by?: readonly RawPolicy[];
  readonly ingress_allowed_by?: readonly RawPolicy[];
}

/** Reads what `hubble-flows` prints: a GetFlowsResponse per line, as JSON. */
export function parseFlows(text: string): Flow[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .flatMap((line) => {
      const { flow } = JSON.parse(line) as { flow?: RawFlow };
      return flow === undefined ? [] : [flowOf(flow)];
    });
}

function flowOf(raw: RawFlow): Flow {
  const [protocol, ports] = Object.entries(raw.l4 ?? {})[0] ?? ["", undefined];
  const allowedBy = [...(raw.egress_allowed_by ?? []), ...(raw.ingress_allowed_by ?? [])];
  return {
    time: raw.time ?? "",
    node: raw.node_name ?? "",
    verdict: raw.verdict ?? "",
    ...(raw.drop_reason_desc !== undefined && { dropReason: raw.drop_reason_desc }),
    ...(raw.traffic_direction !== undefined && { direction: raw.traffic_direction }),
    isReply: raw.is_reply === true,
    protocol,
    from: endOf(raw.source, raw.IP?.source, ports?.source_port),
    to: endOf(raw.destination, raw.IP?.destination, ports?.destination_port),
    allowedBy: allowedBy.map(({ namespace, name }) => [namespace, name].filter(Boolean).join("/")),
  };
}

const endOf = (end: RawEnd | undefined, address?: string, port?: number): FlowEnd => ({
  ...(end?.namespace && { namespace: end.namespace }),
  ...(end?.pod_name && { pod: end.pod_name }),
  labels: end?.labels ?? [],
  ...(address !== undefined && { address }),
  ...(port !== undefined && { port }),
});
