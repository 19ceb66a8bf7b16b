import assert from "node:assert/strict";
import {
  type Connection,
  type End,
  judge,
  type PodGroup,
  readPolicies,
  type World,
} from "../../../model/reachability/index.ts";
import { of } from "./policy-case.ts";

/** What Cilium says of policies, where that is other than what Kubernetes says, or where only Cilium has them. */
export interface Difference {
  readonly title: string;
  /** File in Cilium's repository, at version 1.20.2. */
  readonly source: string;
  readonly policies: readonly unknown[];
  /** Lines such as `shop/client → shop/server TCP 80: +`, `-` where it does not pass, `?` where nobody knows. */
  readonly cilium: readonly string[];
  /** What Kubernetes says of the same, where it knows these policies. */
  readonly kubernetes?: readonly string[];
  /** Default: beside the nodes. */
  readonly apiServer?: "on a node" | "beside the nodes";
  readonly sctp?: boolean;
}

/** The namespace of a policy that has none. */
export const clusterWide = "";

/** A policy of Cilium's for the server, unless it says otherwise. */
export const cilium = (spec: object, namespace = "shop", name = "policy"): object => ({
  apiVersion: "cilium.io/v2",
  kind: namespace === clusterWide ? "CiliumClusterwideNetworkPolicy" : "CiliumNetworkPolicy",
  metadata: { name, ...(namespace !== clusterWide && { namespace }) },
  spec: { endpointSelector: of({ app: "server" }), ...spec },
});

/** Lines about who gets into the server. */
export const into = (cells: Readonly<Record<string, "+" | "-">>): string[] =>
  Object.entries(cells).map(([who, cell]) => `${who} → shop/server TCP 80: ${cell}`);

const groups: readonly PodGroup[] = [
  { name: "shop/client", namespace: "shop", labels: { app: "client" }, ports: [], addresses: ["10.244.0.1"] },
  {
    name: "shop/server",
    namespace: "shop",
    labels: { app: "server" },
    ports: [{ name: "http", port: 80, protocol: "TCP" }],
    addresses: ["10.244.0.2"],
  },
  {
    name: "shop/luke",
    namespace: "shop",
    labels: {},
    serviceAccount: "luke",
    ports: [],
    addresses: ["10.244.0.3"],
  },
  {
    name: "other/client",
    namespace: "other",
    labels: { app: "client" },
    ports: [],
    addresses: ["10.244.1.1"],
  },
];

export function worldOf(difference: Difference, dialect: World["dialect"]): World {
  const { policies, problems } = readPolicies(difference.policies);
  assert.deepEqual(problems, []);
  return {
    namespaces: [
      { name: "shop", labels: { team: "a" } },
      { name: "other", labels: { team: "b" } },
    ],
    pods: groups,
    policies,
    dialect,
    sctp: difference.sctp,
    network: {
      podCidrs: ["10.244.0.0/16"],
      nodeAddresses: ["192.168.0.1", "192.168.0.2"],
      apiServerAddresses: [difference.apiServer === "on a node" ? "192.168.0.1" : "198.51.100.10"],
    },
  };
}

const entities = ["own-node", "nodes", "api-server", "ingress"] as const;

export function endOf(name: string): End {
  const pod = groups.find((group) => group.name === name);
  const entity = entities.find((known) => known === name);
  if (pod) return { pod };
  if (entity) return { entity };
  return /^[\d.]+$/.test(name) ? { address: name } : { fqdn: name };
}

/** The lines with the verdicts that the world gives them. */
export function judged(world: World, lines: readonly string[]): string[] {
  return lines.map((line) => {
    const [, source = "", destination = "", protocol, port] =
      /^(\S+) → (\S+) (\S+) (\d+): [-+?]$/.exec(line) ?? [];
    const connection: Connection = {
      from: endOf(source),
      to: endOf(destination),
      protocol: protocol as Connection["protocol"],
      port: Number(port),
    };
    const { allowed } = judge(world, connection);
    return line.replace(/.$/, allowed === true ? "+" : allowed === false ? "-" : "?");
  });
}
