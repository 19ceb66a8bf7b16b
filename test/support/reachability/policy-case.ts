import type {
  EgressRule,
  IngressRule,
  Labels,
  NetworkPolicy,
  NetworkPolicySpec,
  Protocol,
  Scene,
  ScenePod,
  ScenePort,
  Selector,
} from "../../../sandbox/judges/scene.ts";

/** Policies, and who may connect to whom under them. */
export interface PolicyCase {
  readonly title: string;
  /** With one port for each matrix. */
  readonly scene: Scene;
  /** Names of the scene's ends, in its order. */
  readonly ends: readonly string[];
  /** For each port the rows, for each end a cell: `+` passes, `-` does not, `.` says nothing. */
  readonly expected: readonly (readonly string[])[];
}

/** Matrices by port, such as `TCP 80`: each row an end and its cells, in the order of the rows. */
export type Matrices = Readonly<Record<string, readonly string[]>>;

/** What a case is about; pods are named `namespace/name`. */
export interface CaseOf {
  readonly title: string;
  readonly namespaces?: Readonly<Record<string, Labels>>;
  readonly pods: Readonly<Record<string, Pick<ScenePod, "labels"> & Partial<ScenePod>>>;
  readonly policies: readonly NetworkPolicy[];
  readonly matrices: Matrices;
}

/** Puts a case together; ends without a slash in their name are addresses outside of the cluster. */
export function policyCase({ title, namespaces = {}, pods, policies, matrices }: CaseOf): PolicyCase {
  const [first = []] = Object.values(matrices);
  const ends = first.map((row) => splitRow(title, row)[0]);
  const inside = ends.filter((name) => name.includes("/"));
  const addresses = ends.filter((name) => !name.includes("/"));
  const namespaceOf = (pod: string): string => pod.split("/")[0] ?? "";
  const present = [...new Set(inside.map(namespaceOf))];
  return {
    title,
    ends: [...inside, ...addresses],
    scene: {
      namespaces: Object.fromEntries(
        present.map((name) => [name, { "kubernetes.io/metadata.name": name, ...namespaces[name] }]),
      ),
      pods: inside.map((name, at) => {
        const pod = pods[name];
        if (pod === undefined) throw new Error(`${title}: nobody says who ${name} is`);
        return { namespace: namespaceOf(name), address: `10.0.0.${at + 1}`, ports: [], ...pod };
      }),
      addresses,
      policies,
      ports: Object.keys(matrices).map(parsePort),
    },
    expected: Object.values(matrices).map((rows) =>
      rows.map((row, at) => {
        const [name, cells] = splitRow(title, row);
        const fits = name === ends[at] && cells.length === ends.length && cells[at] === ".";
        if (!fits) throw new Error(`${title}: row ${row} is not that of ${ends[at] ?? "anybody"}`);
        return cells;
      }),
    ),
  };
}

/** The policy of a namespace; its types are said, as who writes one with care does. */
export function policy(namespace: string, spec: Partial<NetworkPolicySpec>, name = "policy"): NetworkPolicy {
  const policyTypes = [
    ...(spec.ingress ? (["Ingress"] as const) : []),
    ...(spec.egress ? (["Egress"] as const) : []),
  ];
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace },
    spec: { podSelector: {}, policyTypes, ...spec },
  };
}

/** The selector of labels. */
export const of = (matchLabels: Labels): Selector => ({ matchLabels });
export const allow: readonly (IngressRule & EgressRule)[] = [{}];
export const deny: readonly (IngressRule & EgressRule)[] = [];

function splitRow(title: string, row: string): [name: string, cells: string] {
  const [, name, cells] = /^(\S+) +([-+.]+)$/.exec(row) ?? [];
  if (name === undefined || cells === undefined) throw new Error(`${title}: ${row} is no row`);
  return [name, cells];
}

function parsePort(text: string): ScenePort {
  const [protocol = "", port] = text.split(" ");
  return { protocol: protocol as Protocol, port: Number(port) };
}
