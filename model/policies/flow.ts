export type Protocol = "TCP" | "UDP" | "SCTP";
export type Labels = Readonly<Record<string, string>>;

/** An end of a flow. */
export type Peer =
  | {
      readonly kind: "pods";
      /** Absent: any namespace. */
      readonly namespace?: string;
      /** Empty: every pod. */
      readonly labels: Labels;
      /** The declared workload that they are; absent where none is meant, or it is not declared. */
      readonly workload?: string;
      readonly serviceAccount?: string;
    }
  | { readonly kind: "cidr"; readonly cidr: string; readonly except: readonly string[] }
  | { readonly kind: "fqdn"; /** A name, or a pattern with * in it. */ readonly pattern: string }
  | { readonly kind: "entity"; readonly entity: Entity };

/** What is neither pods nor a range of addresses that one could write down: it depends on the cluster. */
export type Entity = "api-server" | "nodes" | "ingress";

/** A port of the pods, as policies see it, never a Service's. */
export interface FlowPort {
  readonly protocol: Protocol;
  readonly port: number;
  /** Last port of a range, inclusive. */
  readonly endPort?: number;
}

/** An HTTP request that may pass, where others may not; what is absent may be anything. */
export interface HttpRule {
  readonly method?: string;
  /** Regular expression for the whole path. */
  readonly path?: string;
  readonly host?: string;
}

/** A connection that is meant to pass. */
export interface Flow {
  readonly from: Peer;
  readonly to: Peer;
  /** Absent: every port. */
  readonly port?: FlowPort;
  /** Absent: every request. */
  readonly http?: readonly HttpRule[];
  /** Where the settings declare it, such as namespaces[0].flows[2]. */
  readonly path: string;
  /** In words: shop/api-gateway → shop/api-backend TCP 8080. */
  readonly text: string;
}

/** In words: TCP 8080, UDP 8000-8100, every port. */
export function portText(port: FlowPort | undefined): string {
  if (port === undefined) return "every port";
  return `${port.protocol} ${port.port}${port.endPort === undefined ? "" : `-${port.endPort}`}`;
}

/** What tells peers apart. */
export function peerKey(peer: Peer): string {
  switch (peer.kind) {
    case "pods": {
      const { namespace = "*", workload, labels, serviceAccount } = peer;
      // A workload's labels may be another's, too, and its account tells more.
      if (workload !== undefined) return `${namespace}/${workload}`;
      return `${namespace}/${serviceAccount ?? ""}{${sortedLabels(labels)}}`;
    }
    case "cidr":
      return `${peer.cidr} ${peer.except.join()}`;
    case "fqdn":
      return `name ${peer.pattern}`;
    case "entity":
      return `entity ${peer.entity}`;
  }
}

const sortedLabels = (labels: Labels): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join();
