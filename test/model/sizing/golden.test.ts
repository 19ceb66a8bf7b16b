import assert from "node:assert/strict";
import { apiClientRates } from "../../../model/sizing/api-client.ts";
import { bpfMapEntries, elementBytes } from "../../../model/sizing/bpf-maps.ts";
import { conntrackBuckets, conntrackMax } from "../../../model/sizing/conntrack.ts";
import { coreDnsReplicas } from "../../../model/sizing/core-dns.ts";
import { ciliumEndpointSlices } from "../../../model/sizing/endpoint-slices.ts";
import { hubbleEventBuffer, hubbleEventQueue } from "../../../model/sizing/hubble.ts";
import { identityLimit, policyMapMax } from "../../../model/sizing/identities.ts";
import { lbMapMax } from "../../../model/sizing/load-balancer.ts";
import { neighbourThresholds } from "../../../model/sizing/neighbours.ts";
import { operatorReplicas } from "../../../model/sizing/operator.ts";
import { shapeOf } from "../../support/shape.ts";

const gib = 2 ** 30;
/** What TestBPFMapSizeCalculation of cilium pkg/option gives its calculator; the agent itself has 52. */
const asUpstreamTests = { ...elementBytes, sockRevNat: 48 };
const asTested = (memoryGib: number, ratio?: number) => {
  const { ctTcp, ctAny, nat, neighbour } = bpfMapEntries(memoryGib * gib, ratio, {}, asUpstreamTests);
  return [ctTcp, ctAny, nat, neighbour];
};
/** An agent 1.15.19 on a machine whose /proc/meminfo has `MemTotal: 24684092 kB`, by bpftool. */
const measured = bpfMapEntries(24_684_092 * 1024);

const small = shapeOf({});
const thresholds = neighbourThresholds(small);
const conntrack = (cores: number, production = false) =>
  conntrackMax({ production, cores, connections: 1 }).value;

const vectors: [what: string, is: unknown, expected: unknown][] = [
  ["maps on 0.5 GiB", asTested(0.5), [131_072, 65_536, 131_072, 131_072]],
  ["maps on 7.5 GiB", asTested(7.5), [131_072, 65_536, 131_072, 131_072]],
  ["maps on 13.8 GiB", asTested(13.8), [131_072, 65_536, 131_072, 131_072]],
  ["maps on 13.83 GiB", asTested(13.83), [131_182, 65_591, 131_182, 131_182]],
  ["maps on 15 GiB", asTested(15), [142_280, 71_140, 142_280, 142_280]],
  ["maps on 16 GiB", asTested(16), [151_765, 75_882, 151_765, 151_765]],
  ["maps on 30 GiB", asTested(30), [284_560, 142_280, 284_560, 284_560]],
  ["maps at a ratio of 1", asTested(2048, 1), [16_777_216, 16_777_216, 16_777_216, 16_777_216]],
  ["static maps", asTested(16, 0), [524_288, 262_144, 524_288, 524_288]],
  ["maps of a real agent", [measured.ctTcp, measured.ctAny, measured.nat], [221_723, 110_861, 221_723]],
  ["socket map of a real agent", measured.sockRevNat, 110_861],
  ["load-balancer map", lbMapMax(small).value, 65_536],
  ["policy map", policyMapMax(small).value, 16_384],
  ["identities", identityLimit().value, 65_280],
  ["identities with 511 clusters", identityLimit(511).value, 32_512],
  ["agent's requests", rates(20, "agent"), [10, 20]],
  ["agent's requests in 1.14", rates(14, "agent"), [5, 10]],
  ["operator's requests", rates(20, "operator"), [100, 200]],
  ["operator's requests in 1.16", rates(16, "operator"), [10, 20]],
  ["endpoint slices of 50,000 pods", ciliumEndpointSlices(shapeOf({ pods: 50_000 })).value, 500],
  ["Hubble's buffer", hubbleEventBuffer(small).value, 4095],
  ["Hubble's queue on 4 cores", hubbleEventQueue({ cores: 4 }).value, 4096],
  ["Hubble's queue on 64 cores", hubbleEventQueue({ cores: 64 }).value, 16_384],
  ["operators on one node", operatorReplicas({ production: true, nodes: 1 }).value, 1],
  ["operators on three nodes", operatorReplicas({ production: true, nodes: 3 }).value, 2],
  ["kube-proxy's connections on 1 core", conntrack(1), 131_072],
  ["kube-proxy's connections on 32 cores", conntrack(32), 1_048_576],
  ["production's connections", conntrack(4, true), 1_048_576],
  ["buckets", conntrackBuckets(1_048_576).value, 262_144],
  ["neighbours", [1, 2, 3].map((n) => thresholds[`neighbours${n as 1 | 2 | 3}`].value), [128, 512, 1024]],
  ["CoreDNS on one node", coreDnsReplicas({ nodes: 1, cores: 4, queriesPerSecond: 1 }).value, 1],
  ["CoreDNS by nodes", coreDnsReplicas({ nodes: 120, cores: 480, queriesPerSecond: 1 }).value, 8],
  ["CoreDNS by cores", coreDnsReplicas({ nodes: 16, cores: 1024, queriesPerSecond: 1 }).value, 4],
  ["CoreDNS by load", coreDnsReplicas({ nodes: 3, cores: 12, queriesPerSecond: 84_000 }).value, 10],
];

function rates(minor: number, who: "agent" | "operator"): number[] {
  const found = apiClientRates(small, minor);
  return [found[`${who}ApiQps`].value, found[`${who}ApiBurst`].value];
}

describe("golden vectors of sizes", () => {
  for (const [what, is, expected] of vectors) it(what, () => assert.deepEqual(is, expected));
});
