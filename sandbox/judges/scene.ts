/** A cluster and the traffic in it, in words that any judge of NetworkPolicies understands. */
export interface Scene {
  /** Labels by name. */
  readonly namespaces: Readonly<Record<string, Labels>>;
  readonly pods: readonly ScenePod[];
  /** Ends outside of the cluster. */
  readonly addresses: readonly string[];
  readonly policies: readonly NetworkPolicy[];
  readonly ports: readonly ScenePort[];
}

export interface ScenePod {
  readonly namespace: string;
  readonly labels: Labels;
  readonly address: string;
  readonly ports: readonly (ScenePort & { readonly name?: string })[];
}

export interface ScenePort {
  readonly protocol: Protocol;
  readonly port: number;
}

export type Protocol = "TCP" | "UDP" | "SCTP";
export type Labels = Readonly<Record<string, string>>;

/** What YAML gives: every optional field may be missing or null. */
export interface NetworkPolicy {
  readonly apiVersion: "networking.k8s.io/v1";
  readonly kind: "NetworkPolicy";
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: NetworkPolicySpec;
}

export interface NetworkPolicySpec {
  readonly podSelector: Selector;
  readonly policyTypes?: readonly ("Ingress" | "Egress")[] | null;
  readonly ingress?: readonly IngressRule[] | null;
  readonly egress?: readonly EgressRule[] | null;
}

export interface IngressRule {
  readonly from?: readonly PolicyPeer[] | null;
  readonly ports?: readonly PolicyPort[] | null;
}

export interface EgressRule {
  readonly to?: readonly PolicyPeer[] | null;
  readonly ports?: readonly PolicyPort[] | null;
}

export interface PolicyPeer {
  readonly podSelector?: Selector | null;
  readonly namespaceSelector?: Selector | null;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] | null } | null;
}

export interface PolicyPort {
  readonly protocol?: Protocol | null;
  readonly port?: number | string | null;
  readonly endPort?: number | null;
}

export interface Selector {
  readonly matchLabels?: Labels | null;
  readonly matchExpressions?: readonly Expression[] | null;
}

export interface Expression {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[];
}

/** A connection of a scene, by places: pods first, then addresses. */
export interface Place {
  readonly from: number;
  readonly to: number;
  readonly port: number;
}

/** Every connection of a scene, in the order in which judges answer. */
export function* connections(scene: Scene): Generator<Place> {
  const ends = scene.pods.length + scene.addresses.length;
  for (let from = 0; from < ends; from++) {
    for (let to = 0; to < ends; to++) {
      for (let port = 0; port < scene.ports.length; port++) yield { from, to, port };
    }
  }
}
