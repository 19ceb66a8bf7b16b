/**
 * Our evaluator against the policy engine of Cilium's agent, on random CiliumNetworkPolicies and
 * CiliumClusterwideNetworkPolicies. Environment variables SEED and RUNS choose others.
 */
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { stringify } from "yaml";
import { type End, judge, type PodGroup, readPolicies, type World } from "../../model/reachability/index.ts";
import { type Judge, startJudge } from "../../sandbox/judges/judge.ts";
import { ensureTools } from "../../toolchain/index.ts";
import { UNKNOWN } from "../../model/verdict.ts";
import { type CiliumScene, entityNames, randomCiliumScene } from "../support/reachability/cilium-scene.ts";

const seed = Number(process.env.SEED ?? 1);
const runs = Number(process.env.RUNS ?? 2000);

describe("judge() and Cilium's policy engine", function () {
  this.timeout(300_000);
  let cilium: Judge;

  before(async function () {
    if (process.platform !== "linux") this.skip();
    const tools = await ensureTools({ only: ["cilium-policies"], log: () => undefined });
    cilium = startJudge(tools.path("cilium-policies"));
  });
  after(() => (cilium as Judge | undefined)?.stop());

  it(`say the same of ${runs} random policy sets`, async () => {
    const tally = new Map<string, number>();
    let unknown = 0;
    for (let begun = 0; begun < runs; begun += 250) {
      const seeds = Array.from({ length: Math.min(250, runs - begun) }, (_, at) => seed + begun + at);
      const scenes = seeds.map(randomCiliumScene);
      const [answers, ours] = await Promise.all([cilium.ask(scenes), judgeAll(scenes)]);
      for (const [at, scene] of scenes.entries()) {
        const { verdicts, error } = answers[at] ?? {};
        const compared = `SEED=${seeds[at] ?? 0} RUNS=1 shows it: ${error ?? ""}\n`;
        assert.ok(verdicts !== undefined, compared + stringify(scene.policies));
        for (const { line, verdict, side, place, outside } of ours[at] ?? []) {
          const theirs: boolean = (Number(verdicts[place]) & (side === "ingress" ? 1 : 2)) > 0;
          if (verdict === UNKNOWN) {
            unknown++;
            // Whether negative selectors mean the outside depends on the version and its options.
            assert.ok(outside, `${compared}${line}: ${side} is not known to us`);
          } else if (verdict !== theirs) {
            assert.fail(
              `${compared}${line}: ${side} is ${String(verdict)} to us, ${theirs} to Cilium\n` +
                stringify({ pods: scene.pods, policies: scene.policies }),
            );
          }
          tally.set(`${side} ${theirs}`, (tally.get(`${side} ${theirs}`) ?? 0) + 1);
        }
      }
    }
    if (runs < 1000) return;
    const all = [...tally.values()].reduce((sum, times) => sum + times, 0);
    for (const [what, times] of tally) assert.ok(times > all / 20, `${what} is rare: ${times} of ${all}`);
    assert.equal(tally.size, 4);
    assert.ok(unknown > 0 && unknown < all / 20, `${unknown} of ${all} are not known to us`);
  });

  it("refuses what the engine refuses", async () => {
    const spec = (ingress: object) => ({ endpointSelector: {}, ingress: [ingress] });
    const toPorts = [{ ports: [{ port: "80", protocol: "SMTP" }] }];
    const bad = [
      spec({ fromEntities: ["everybody"] }),
      spec({ fromCIDR: ["everywhere"] }),
      spec({ toPorts }),
      spec({ fromEndpoints: [{}], fromEntities: ["world"] }),
      spec({ fromCIDR: ["10.0.0.0/8"], fromCIDRSet: [{ cidr: "192.168.0.0/16" }] }),
    ].map((one) => ({
      apiVersion: "cilium.io/v2",
      kind: "CiliumNetworkPolicy",
      metadata: { name: "bad", namespace: "x" },
      spec: one,
    }));
    const questions = bad.map((policy) => ({ ...randomCiliumScene(seed), policies: [policy] }));
    for (const [at, { error }] of (await cilium.ask(questions)).entries()) {
      assert.ok(error !== undefined, stringify(bad[at]));
      assert.notDeepEqual(readPolicies([bad[at]]).problems, [], stringify(bad[at]));
    }
  });
});

interface Verdict {
  readonly line: string;
  readonly side: "ingress" | "egress";
  readonly verdict: unknown;
  /** Among the connections of the scene. */
  readonly place: number;
  /** One end is no pod. */
  readonly outside: boolean;
}

async function judgeAll(scenes: readonly CiliumScene[]): Promise<Verdict[][]> {
  const verdicts: Verdict[][] = [];
  for (const scene of scenes) {
    verdicts.push(judgeOne(scene));
    // Questions and answers go over pipes meanwhile.
    await setImmediate();
  }
  return verdicts;
}

function judgeOne(scene: CiliumScene): Verdict[] {
  const { world, ends } = worldOf(scene);
  const verdicts: Verdict[] = [];
  let place = -1;
  for (const from of ends) {
    for (const to of ends) {
      for (const on of scene.ports) {
        place++;
        if (!("pod" in from.end) && !("pod" in to.end)) continue;
        const { ingress, egress } = judge(world, { from: from.end, to: to.end, ...on });
        const line = `${from.name} → ${to.name} ${on.protocol} ${on.port}`;
        const outside = !("pod" in from.end && "pod" in to.end);
        // A pod's own node always reaches it; it is the agent that adds this to the engine's answer.
        if (from.name !== "own-node")
          verdicts.push({ line, side: "ingress", verdict: ingress.passes, place, outside });
        verdicts.push({ line, side: "egress", verdict: egress.passes, place, outside });
      }
    }
  }
  return verdicts;
}

function worldOf(scene: CiliumScene): { world: World; ends: { name: string; end: End }[] } {
  const { policies, problems } = readPolicies(scene.policies);
  assert.deepEqual(problems, []);
  const pods = scene.pods.map(({ namespace, labels, ports, address, serviceAccount }, at): PodGroup => ({
    name: `${namespace}/${at}`,
    namespace,
    labels,
    ports,
    addresses: [address],
    serviceAccount,
  }));
  const world: World = {
    namespaces: Object.entries(scene.namespaces).map(([name, labels]) => ({ name, labels })),
    pods,
    policies,
    dialect: "cilium",
    network: {
      podCidrs: ["10.0.0.0/16", "fd00::/16"],
      nodeAddresses: ["192.168.0.1", "192.168.0.2"],
      apiServerAddresses: ["192.168.0.1"],
    },
  };
  const ends = [
    ...pods.map((pod) => ({ name: pod.name, end: { pod } })),
    ...scene.addresses.map((address) => ({ name: address, end: { address } })),
    ...entityNames.map((entity) => ({ name: entity, end: { entity } })),
  ];
  return { world, ends };
}
