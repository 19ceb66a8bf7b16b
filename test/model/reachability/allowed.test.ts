import assert from "node:assert/strict";
import fc from "fast-check";
import { toCidrs, addressNumber } from "../../../model/reachability/addresses.ts";
import { allowedFlows, type AllowedFlows, type Party } from "../../../model/reachability/allowed.ts";
import {
  type End,
  judge,
  type PodGroup,
  readPolicies,
  type World,
} from "../../../model/reachability/index.ts";
import { UNKNOWN } from "../../../model/verdict.ts";
import { arbitraryWorld } from "../../support/arbitrary-world.ts";

const pod = (namespace: string, app: string): PodGroup => ({
  name: `${namespace}/${app}`,
  namespace,
  labels: { app },
  ports: [{ name: "http", port: 8080, protocol: "TCP" }],
});

/** Whether a block lets an end through; an address is asked by its number. */
function isOf(party: Party, end: End): boolean {
  if ("pod" in end) return party.pods.includes(end.pod);
  if ("entity" in end) return party.entities.includes(end.entity);
  if ("fqdn" in end) return party.names.includes(end.fqdn);
  const number = addressNumber(end.address);
  return (
    number !== undefined &&
    party.addresses.some((cidr) => toCidrs([number, number + 1n]).length === 1 && contains(cidr, end.address))
  );
}

function contains(cidr: string, address: string): boolean {
  const parts = (text: string): number => text.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const [base = "", length = "32"] = cidr.split("/");
  if (base.includes(":")) return false;
  const size = 2 ** (32 - Number(length));
  return Math.floor(parts(base) / size) === Math.floor(parts(address) / size);
}

function timesAllowed(flows: AllowedFlows, from: End, to: End, protocol: string, port: number): number {
  return flows.filter(
    (block) =>
      isOf(block.from, from) &&
      isOf(block.to, to) &&
      block.ports.some((range) => range.protocol === protocol && range.from <= port && port <= range.to),
  ).length;
}

describe("allowedFlows()", () => {
  it("is one block in a world without isolation, however many pods there are", () => {
    const pods = Array.from({ length: 500 }, (_, i) => pod(`ns${i % 20}`, `app${i}`));
    const world: World = { namespaces: [], pods, policies: [], dialect: "kubernetes" };
    const flows = allowedFlows(world);
    assert.equal(flows.filter(({ from }) => from.pods.length > 0).length, 1);
    assert.equal(flows[0]?.from.pods.length, 500);
    assert.equal(flows[0].to.pods.length, 500);
    assert.deepEqual(flows[0].to.addresses, ["::/0", "0.0.0.0/0"]);
    assert.deepEqual(flows[0].ports, [
      { protocol: "TCP", from: 0, to: 65_535 },
      { protocol: "UDP", from: 0, to: 65_535 },
      { protocol: "SCTP", from: 0, to: 65_535 },
    ]);
  });

  it("names who is treated alike together", () => {
    const { policies } = readPolicies([
      {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { name: "p", namespace: "shop" },
        spec: {
          podSelector: {},
          policyTypes: ["Ingress", "Egress"],
          ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: "http" }] }],
        },
      },
    ]);
    const pods = [pod("shop", "a"), pod("shop", "b"), pod("x", "c"), pod("y", "d")];
    const flows = allowedFlows({ namespaces: [], pods, policies, dialect: "kubernetes" });
    const between = flows.filter(({ from, to }) => from.pods.length > 0 && to.pods.length > 0);
    assert.deepEqual(
      between.map(({ from, to, ports }) => [
        from.pods.map(({ name }) => name),
        to.pods.map(({ name }) => name),
        ports.length,
      ]),
      [
        [["x/c", "y/d"], ["x/c", "y/d"], 3],
        [["x/c", "y/d"], ["shop/a", "shop/b"], 1],
      ],
    );
  });

  it("says the same as judge() of every connection, each once", () => {
    fc.assert(
      fc.property(arbitraryWorld(), (world) => {
        const [most, least] = [allowedFlows(world), allowedFlows(world, "least")];
        const outside: End[] = ["8.8.8.8", "10.0.0.5", "10.0.1.5", "192.168.1.1"].map((address) => ({
          address,
        }));
        const ends: End[] = [...world.pods.map((group) => ({ pod: group })), ...outside, { entity: "nodes" }];
        for (const from of ends) {
          for (const to of ends) {
            if (!("pod" in from) && !("pod" in to)) continue;
            for (const protocol of ["TCP", "UDP", "SCTP"] as const) {
              for (const port of [79, 80, 81, 8080]) {
                const verdict = judge(world, { from, to, protocol, port });
                const said = JSON.stringify([from, to, protocol, port, verdict]);
                assert.equal(
                  timesAllowed(most, from, to, protocol, port),
                  verdict.allowed === false ? 0 : 1,
                  said,
                );
                const whole = verdict.egress.onlyFor.length + verdict.ingress.onlyFor.length === 0;
                const surely = verdict.allowed !== UNKNOWN && verdict.allowed && whole;
                assert.equal(timesAllowed(least, from, to, protocol, port), surely ? 1 : 0, said);
              }
            }
          }
        }
      }),
      { numRuns: 40 },
    );
  }).timeout(20_000);
});
