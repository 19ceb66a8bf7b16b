import type {
  NetworkPolicy,
  PolicyPeer,
  PolicyPort,
  Scene,
  Selector,
} from "../../../sandbox/judges/scene.ts";

/** What NetworkPolicies may say, and whether a scene has it. */
export const checklist: readonly { readonly title: string; readonly isIn: (scene: Scene) => boolean }[] = [
  policies("policyTypes is missing", ({ spec }) => spec.policyTypes === undefined),
  policies("policyTypes is empty", ({ spec }) => spec.policyTypes?.length === 0),
  policies("rules of a direction that policyTypes leave out", ({ spec: { policyTypes, ingress, egress } }) =>
    isOnly(policyTypes, "Egress") ? filled(ingress) : isOnly(policyTypes, "Ingress") && filled(egress),
  ),
  policies(
    "a direction without rules",
    ({ spec }) => spec.ingress?.length === 0 || spec.egress?.length === 0,
  ),
  policies("a rule for everybody on every port", ({ spec }) =>
    rules(spec).some(({ peers, ports }) => !filled(peers) && !filled(ports)),
  ),
  policies("two peers in a rule", ({ spec }) => rules(spec).some(({ peers }) => (peers?.length ?? 0) > 1)),
  peers("both selectors in a peer", (peer) => !!peer.podSelector && !!peer.namespaceSelector),
  peers("a namespaceSelector that is null", (peer) => peer.namespaceSelector === null),
  peers("a namespaceSelector alone", (peer) => !!peer.namespaceSelector && !peer.podSelector),
  peers("an ipBlock with exceptions", (peer) => filled(peer.ipBlock?.except)),
  peers("an IPv4 block", (peer) => peer.ipBlock?.cidr.includes(".") === true),
  peers("an IPv6 block", (peer) => peer.ipBlock?.cidr.includes(":") === true),
  selectors(
    "a selector of everything",
    (selector) => !labels(selector) && !filled(selector.matchExpressions),
  ),
  selectors("labels and expressions", (selector) => labels(selector) && filled(selector.matchExpressions)),
  selectors("an empty label", (selector) => Object.values(selector.matchLabels ?? {}).includes("")),
  ...(["In", "NotIn", "Exists", "DoesNotExist"] as const).map((wanted) =>
    selectors(
      wanted,
      ({ matchExpressions }) => matchExpressions?.some(({ operator }) => operator === wanted) === true,
    ),
  ),
  ports("a named port", ({ port }) => typeof port === "string"),
  ports("a named port of UDP", ({ port, protocol }) => typeof port === "string" && protocol === "UDP"),
  ports("endPort", ({ endPort }) => typeof endPort === "number"),
  ports("a protocol alone", ({ port, protocol }) => (port ?? undefined) === undefined && !!protocol),
  ports("SCTP", ({ protocol }) => protocol === "SCTP"),
  ports("no protocol", ({ protocol }) => (protocol ?? undefined) === undefined),
  { title: "several policies of a namespace", isIn: (scene) => repeats(scene.policies.map(namespaceOf)) },
  { title: "several namespaces", isIn: ({ namespaces }) => Object.keys(namespaces).length > 1 },
  {
    title: "policies of several namespaces",
    isIn: (scene) => new Set(scene.policies.map(namespaceOf)).size > 1,
  },
  { title: "IPv4 pods", isIn: ({ pods }) => pods.some(({ address }) => address.includes(".")) },
  { title: "IPv6 pods", isIn: ({ pods }) => pods.some(({ address }) => address.includes(":")) },
  { title: "IPv4 outside", isIn: ({ addresses }) => addresses.some((address) => address.includes(".")) },
  { title: "IPv6 outside", isIn: ({ addresses }) => addresses.some((address) => address.includes(":")) },
  { title: "two names of one port", isIn: ({ pods }) => pods.some((pod) => hasTwoNames(pod.ports)) },
];

interface Item {
  readonly title: string;
  readonly isIn: (scene: Scene) => boolean;
}

type Spec = NetworkPolicy["spec"];

function policies(title: string, is: (policy: NetworkPolicy) => boolean): Item {
  return { title, isIn: (scene) => scene.policies.some(is) };
}

function peers(title: string, is: (peer: PolicyPeer) => boolean): Item {
  return policies(title, ({ spec }) => rules(spec).some((rule) => rule.peers?.some(is)));
}

function ports(title: string, is: (port: PolicyPort) => boolean): Item {
  return policies(title, ({ spec }) => rules(spec).some((rule) => rule.ports?.some(is)));
}

function selectors(title: string, is: (selector: Selector) => boolean): Item {
  const inPeers = peers(title, ({ podSelector, namespaceSelector }) =>
    [podSelector, namespaceSelector].some((selector) => !!selector && is(selector)),
  );
  const ofPolicies = policies(title, ({ spec }) => is(spec.podSelector));
  return { title, isIn: (scene) => inPeers.isIn(scene) || ofPolicies.isIn(scene) };
}

function rules({ ingress, egress }: Spec) {
  return [
    ...(ingress ?? []).map((rule) => ({ peers: rule.from, ports: rule.ports })),
    ...(egress ?? []).map((rule) => ({ peers: rule.to, ports: rule.ports })),
  ];
}

function filled(list: readonly unknown[] | null | undefined): boolean {
  return (list?.length ?? 0) > 0;
}

function labels({ matchLabels }: Selector): boolean {
  return Object.keys(matchLabels ?? {}).length > 0;
}

function isOnly(types: Spec["policyTypes"], wanted: "Ingress" | "Egress"): boolean {
  return types?.length === 1 && types[0] === wanted;
}

function namespaceOf({ metadata }: NetworkPolicy): string {
  return metadata.namespace;
}

function repeats(list: readonly string[]): boolean {
  return new Set(list).size < list.length;
}

function hasTwoNames(list: Scene["pods"][number]["ports"]): boolean {
  return repeats(
    list.filter(({ name }) => name !== undefined).map(({ port, protocol }) => `${protocol} ${port}`),
  );
}
