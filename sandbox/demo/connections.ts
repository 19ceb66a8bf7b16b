import type { Flow, Peer, Protocol } from "../../model/policies/flow.ts";
import type { Workload } from "../../model/policies/workloads.ts";

/** Where a connection ends: a column of the matrix. */
export interface Target {
  /** A pod's port; the cluster's DNS; or an address that is nobody's pod. */
  readonly kind: "workload" | "dns" | "address";
  readonly name: string;
  /** Namespace of a workload. */
  readonly namespace?: string;
  readonly port: number;
  /** Both for DNS: an answer by one of them is half an answer. */
  readonly protocols: readonly Protocol[];
}

/** Somebody who connects: a row of the matrix. */
export interface Source {
  readonly namespace: string;
  readonly workload: string;
}

/** A connection that can be tried, and what the stack has to say about it. */
export interface Connection {
  readonly from: Source;
  readonly to: Target;
  /** The stack lets it pass: a declared flow, or DNS. */
  readonly isDeclared: boolean;
  /** Whether the stack isolates the end where it starts (egress), and the one where it arrives (ingress). */
  readonly isIsolated: { readonly egress: boolean; readonly ingress: boolean };
}

/** How an attempt to connect ended. */
export interface Attempt extends Connection {
  readonly isOpen: boolean;
  /** In the probe's words: "open", "timeout", "refused" or an answer that is none. */
  readonly outcome: string;
}

/** How a source is called in the matrix: as its policies' names begin, "shop/api-gateway". */
export const nameOf = ({ namespace, workload }: Source): string => `${namespace}/${workload}`;

/** A target in one sentence's worth: "postgres TCP 5432". */
export const portOf = ({ protocols, port }: Target): string => `${protocols.join("+")} ${port}`;

/** Without any policy in its way it passes; with one, only if it is declared. */
export const shouldPass = ({ isDeclared, isIsolated }: Connection): boolean =>
  isDeclared || (!isIsolated.egress && !isIsolated.ingress);

export interface Declared {
  /** The flows that the stack allows. */
  readonly flows: readonly Flow[];
  /** The namespaces that it isolates. */
  readonly namespaces: readonly string[];
}

/** Every workload to every port of every other one, and to what is elsewhere. */
export function connectionsOf(
  workloads: readonly Workload[],
  elsewhere: readonly Target[],
  { flows, namespaces }: Declared,
): Connection[] {
  const isIsolated = (namespace: string | undefined): boolean =>
    namespace !== undefined && namespaces.includes(namespace);
  return workloads.flatMap(({ endpoint: from }) =>
    [...workloads.flatMap(targetsOf), ...elsewhere]
      .filter((to) => to.name !== from.workload || to.namespace !== from.namespace)
      .map((to) => ({
        from: { namespace: from.namespace, workload: from.workload },
        to,
        isDeclared:
          to.kind === "dns" ? isIsolated(from.namespace) : flows.some((flow) => isFlow(flow, from, to)),
        isIsolated: { egress: isIsolated(from.namespace), ingress: isIsolated(to.namespace) },
      })),
  );
}

const targetsOf = ({ endpoint, ports }: Workload): Target[] =>
  ports.map(({ port, protocol }) => ({
    kind: "workload",
    name: endpoint.workload,
    namespace: endpoint.namespace,
    port,
    protocols: [protocol],
  }));

const isFlow = ({ from: source, to: answering, port }: Flow, from: Source, to: Target): boolean =>
  to.kind === "workload" &&
  isWorkload(source, from.namespace, from.workload) &&
  isWorkload(answering, to.namespace, to.name) &&
  (port === undefined ||
    (to.port >= port.port && to.port <= (port.endPort ?? port.port) && to.protocols.includes(port.protocol)));

/** Whether an end of a flow is that workload, by its name or as one of all pods. */
const isWorkload = (end: Peer, namespace: string | undefined, workload: string): boolean =>
  end.kind === "pods" &&
  (end.namespace === undefined || end.namespace === namespace) &&
  (end.workload === workload || Object.keys(end.labels).length === 0);
