import assert from "node:assert/strict";
import fc from "fast-check";
import { judge } from "../../../../model/reachability/verdict.ts";
import { holds } from "../../../../model/reachability/intervals.ts";
import { portNumber } from "../../../../model/reachability/ports.ts";
import { change, picture } from "../../../support/flows.ts";
import { shop } from "../../../support/shop.ts";

const policy = (name: string, spec: object): string =>
  JSON.stringify({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace: "shop" },
    spec,
  });

describe("difference()", () => {
  it("says what a change opens and closes, and how much it leaves", () => {
    const over = [
      policy("allow-postgres", {
        podSelector: { matchLabels: { app: "postgres" } },
        ingress: [{ from: [{ podSelector: {} }], ports: [{ port: "pg" }] }],
      }),
      policy("allow-api-gateway", {
        podSelector: { matchLabels: { app: "api-gateway" } },
        policyTypes: ["Egress"],
        egress: [{ to: [{ podSelector: { matchLabels: { app: "postgres" } } }], ports: [{ port: 5432 }] }],
      }),
    ].join("\n---\n");
    assert.equal(
      change(shop, over).text,
      `OPENS
  shop/api-gateway
    → shop/postgres: TCP 5432

CLOSES
  shop/api-gateway
    → shop/api-backend: TCP 8080

Unchanged: 3 pairs of workloads`,
    );
  });

  it("has nothing to say of what changes nothing", () => {
    const { opens, closes, text } = change(shop, policy("again", { podSelector: {} }));
    assert.deepEqual([opens, closes], [[], []]);
    assert.match(text, /^OPENS: nothing\n\nCLOSES: nothing\n\nUnchanged: 4 pairs of workloads$/);
  });

  it("counts a new workload's flows among those that open", () => {
    const worker = `{ apiVersion: v1, kind: Pod, metadata: { name: worker, namespace: jobs } }`;
    const { text } = change(shop, worker);
    assert.match(text, / {2}kube-system\/coredns, everything outside\n {4}→ jobs\/worker: every port/);
    assert.match(text, /New workloads: jobs\/worker$/);
  });

  it("tells what opens for some requests from what opens", () => {
    const cilium = (rules: object): string =>
      JSON.stringify({
        apiVersion: "cilium.io/v2",
        kind: "CiliumNetworkPolicy",
        metadata: { name: "more", namespace: "kube-system" },
        spec: {
          endpointSelector: {},
          ingress: [
            { fromEntities: ["all"], toPorts: [{ ports: [{ port: "9153", protocol: "TCP" }], ...rules }] },
          ],
        },
      });
    const part = change(`${shop}\n---\n${cilium({})}`, cilium({ rules: { http: [{ method: "GET" }] } }));
    assert.deepEqual([part.opens, part.closes], [[], []]);
    assert.match(part.text, /CLOSES for some requests, or perhaps\n/);
    assert.doesNotMatch(part.text, /OPENS for more/);
  });

  it("agrees with the verdict about each pair and port, for random policies", () => {
    const labels = fc.constantFrom({}, { app: "api-gateway" }, { app: "api-backend" }, { app: "postgres" });
    const peer = labels.map((matchLabels) => ({ podSelector: { matchLabels } }));
    const rule = (key: string) =>
      fc.record({
        [key]: fc.array(peer, { minLength: 1, maxLength: 2 }),
        ports: fc.array(
          fc.constantFrom({ port: 5432 }, { port: 80, endPort: 90 }, { port: 53, protocol: "UDP" }),
          {
            minLength: 1,
            maxLength: 2,
          },
        ),
      });
    const spec = fc.record({
      podSelector: labels.map((matchLabels) => ({ matchLabels })),
      policyTypes: fc.constantFrom(["Ingress"], ["Egress"], ["Ingress", "Egress"]),
      ingress: fc.array(rule("from"), { maxLength: 2 }),
      egress: fc.array(rule("to"), { maxLength: 2 }),
    });
    const names = ["default-deny-all", "allow-postgres", "allow-api-gateway", "extra"];
    fc.assert(
      fc.property(fc.constantFrom(...names), spec, (name, given) => {
        const over = policy(name, given);
        const { opens, closes } = change(shop, over);
        const [old, now] = [picture(shop), picture(shop, over)];
        for (const [protocol, port] of [
          ["TCP", 5432],
          ["TCP", 85],
          ["UDP", 53],
          ["TCP", 8080],
        ] as const) {
          for (const [i, from] of old.world.pods.entries()) {
            for (const [j, to] of old.world.pods.entries()) {
              const by = { protocol, port };
              const was = judge(old.world, { from: { pod: from }, to: { pod: to }, ...by }).allowed;
              const [source, destination] = [now.world.pods[i], now.world.pods[j]];
              assert.ok(source && destination);
              const is = judge(now.world, { from: { pod: source }, to: { pod: destination }, ...by }).allowed;
              const has = (blocks: typeof opens): boolean =>
                blocks.some(
                  (block) =>
                    block.from.some((one) => one.kind === "pods" && one.group.name === from.name) &&
                    block.to.some((one) => one.kind === "pods" && one.group.name === to.name) &&
                    holds(block.ports, portNumber(protocol, port)),
                );
              const said = `${from.name} → ${to.name} ${protocol} ${port} with ${over}`;
              assert.equal(has(opens), was === false && is === true, `opens ${said}`);
              assert.equal(has(closes), was === true && is === false, `closes ${said}`);
            }
          }
        }
      }),
      { numRuns: 20 },
    );
  });
});
