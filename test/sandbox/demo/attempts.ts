import { resolveFlows } from "../../../model/policies/flows.ts";
import { type Workload, workloadsOf } from "../../../model/policies/workloads.ts";
import type { Attempt, Connection, Target } from "../../../sandbox/demo/connections.ts";
import { connectionsOf, nameOf } from "../../../sandbox/demo/connections.ts";
import type { Decided, Decision } from "../../../sandbox/demo/decision.ts";
import { settingsOf } from "../../support/settings.ts";

const settings = settingsOf({
  namespaces: [
    {
      name: "shop",
      workloads: [
        { name: "web", ports: { http: 8080 } },
        { name: "db", ports: { sql: 5432 } },
      ],
      flows: [{ from: "web", to: "db", port: "sql" }],
    },
  ],
});
const { namespaces } = settings;

const stranger: Workload = {
  endpoint: { namespace: "lab", workload: "stranger", labels: {} },
  ports: [{ name: "http", port: 8080, protocol: "TCP" }],
};

const elsewhere: readonly Target[] = [
  { kind: "address", name: "internet", port: 80, protocols: ["TCP"] },
  { kind: "dns", name: "DNS", port: 53, protocols: ["UDP", "TCP"] },
];

/** Of a shop where `web` may reach `db`, and of a stranger in another namespace. */
export const connections: readonly Connection[] = connectionsOf(
  [...workloadsOf(namespaces).values(), stranger],
  elsewhere,
  { flows: resolveFlows(settings).flows, namespaces: namespaces.map(({ name }) => name) },
);

/** "shop/web → db". */
export const titleOf = ({ from, to }: Connection): string => `${nameOf(from)} → ${to.name}`;

/** What a network without policies shows; nothing serves DNS yet. */
export const before: readonly Attempt[] = connections
  .filter(({ to }) => to.kind !== "dns")
  .map((connection) => ({ ...connection, isOpen: true, outcome: "open" }));

/** What the stack makes of it, as Hubble tells. */
export const after: readonly Decided[] = connections.map((connection) => decided(connection));

/** A measurement that is as it should be, but for some connections by title. */
export const afterBut = (over: Readonly<Record<string, Partial<Decided>>>): Decided[] =>
  after.map((one) => ({ ...one, ...over[titleOf(one)] }));

function decided(connection: Connection): Decided {
  const { from, to, isIsolated, isDeclared } = connection;
  const isOpen = isDeclared || (!isIsolated.egress && !isIsolated.ingress);
  const decision: Decision = isOpen
    ? {
        egress: isIsolated.egress
          ? [to.kind === "dns" ? "shop/allow-dns" : `shop/allow-${from.workload}`]
          : [],
        ingress: isIsolated.ingress ? [`shop/allow-${to.name}`] : [],
      }
    : { egress: [], ingress: [], deniedOn: isIsolated.egress ? "egress" : "ingress" };
  return { ...connection, isOpen, outcome: isOpen ? "open" : "timeout", decision };
}
