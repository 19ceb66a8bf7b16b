/**
 * Our evaluator against an independent one, the matcher of cyclonus: 10,000 random policy sets, each with all of its
 * traffic. Environment variables SEED and RUNS choose others.
 */
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { stringify } from "yaml";
import { readPolicies } from "../../model/reachability/index.ts";
import { questionForCyclonus } from "../../sandbox/judges/cyclonus-differences.ts";
import { type Answer, type Judge, startJudge } from "../../sandbox/judges/judge.ts";
import { asSigns, judgedByUs, listedByUs } from "../../sandbox/judges/ours.ts";
import { connections, type PolicyPeer, type Scene } from "../../sandbox/judges/scene.ts";
import { ensureTools } from "../../toolchain/index.ts";
import { checklist } from "../support/reachability/checklist.ts";
import { e2eCases } from "../support/reachability/e2e-cases.ts";
import { of, policy, policyCase } from "../support/reachability/policy-case.ts";
import { randomScene } from "../support/reachability/random-scene.ts";
import { recipes } from "../support/reachability/recipes.ts";
import { shrink } from "../support/reachability/shrink.ts";
import { mismatches } from "../support/reachability/table.ts";

const seed = Number(process.env.SEED ?? 1);
const runs = Number(process.env.RUNS ?? 10_000);

const again = (itsSeed: number): string => `SEED=${itsSeed} RUNS=1 shows it`;

describe("judge() and cyclonus", function () {
  this.timeout(300_000);
  let cyclonus: Judge;
  const ask = (scenes: readonly Scene[]) => cyclonus.ask(scenes.map(questionForCyclonus));

  before(async () => {
    const tools = await ensureTools({ only: ["cyclonus"], log: () => undefined });
    cyclonus = startJudge(tools.path("cyclonus"));
  });
  after(() => cyclonus.stop());

  it(`say the same of ${runs} random policy sets`, async () => {
    const seen = new Map(checklist.map(({ title }) => [title, 0]));
    const verdicts = new Map<string, number>();
    for (let begun = 0; begun < runs; begun += 500) {
      const scenes = Array.from({ length: Math.min(500, runs - begun) }, (_, at) =>
        randomScene(seed + begun + at),
      );
      const [theirs, ours] = await Promise.all([ask(scenes), judgeAll(scenes)]);
      for (const [at, scene] of scenes.entries()) {
        if (ours[at] !== theirs[at]?.verdicts) assert.fail(await difference(scene, seed + begun + at));
        // What is listed comes another way than what is judged, and takes its time.
        if (at % 4 === 0)
          assert.equal(listedByUs(scene), asSigns(scene, ours[at] ?? ""), again(seed + begun + at));
        for (const digit of ours[at] ?? "") verdicts.set(digit, (verdicts.get(digit) ?? 0) + 1);
        for (const { title, isIn } of checklist) if (isIn(scene)) seen.set(title, (seen.get(title) ?? 0) + 1);
      }
    }
    if (runs < 1000) return;
    // What nobody asks about, nobody differs in.
    for (const [title, times] of seen) assert.ok(times >= runs / 100, `${title}: in ${times} sets only`);
    const all = [...verdicts.values()].reduce((sum, times) => sum + times, 0);
    for (const digit of ["0", "1", "2", "3"]) {
      assert.ok(
        (verdicts.get(digit) ?? 0) > all / 50,
        `verdict ${digit} is rare: ${[...verdicts].join("; ")}`,
      );
    }
  });

  it("say of the recipes and of Kubernetes' own cases what these say", async () => {
    const cases = [...e2eCases, ...recipes];
    const answers = await ask(cases.map(({ scene }) => scene));
    const wrong = cases.flatMap((one, at) => [
      ...mismatches(one, answers[at]?.verdicts ?? "").map((line) => `cyclonus: ${line}`),
      ...mismatches(one, judgedByUs(one.scene)).map((line) => `judge(): ${line}`),
    ]);
    assert.deepEqual(wrong, []);
  });

  describe("where cyclonus differs from Kubernetes", () => {
    const client = { labels: { tier: "" } };
    const sceneOf = (from: PolicyPeer, types?: readonly ("Ingress" | "Egress")[]): Scene =>
      policyCase({
        title: "difference",
        pods: { "x/server": { labels: { app: "server" } }, "x/client": client },
        policies: [
          policy("x", {
            podSelector: of({ app: "server" }),
            policyTypes: types,
            ingress: [{ from: [from] }],
          }),
        ],
        matrices: { "TCP 80": ["x/server .+", "x/client +."] },
      }).scene;
    const asItStands = async (scene: Scene): Promise<Answer> => (await cyclonus.ask([scene]))[0] ?? {};
    const asked = async (scene: Scene): Promise<Answer> => (await ask([scene]))[0] ?? {};

    it("it wants policyTypes, which the API server fills in", async () => {
      const scene = sceneOf({ podSelector: {} }, []);
      assert.match((await asItStands(scene)).error ?? "", /need at least 1 type/);
      assert.equal((await asked(scene)).verdicts, judgedByUs(scene));
    });

    for (const [title, selector] of [
      [
        "NotIn is not met by a missing label",
        { matchExpressions: [{ key: "app", operator: "NotIn", values: ["db"] }] },
      ],
      ["a label that has to be empty may be missing", { matchLabels: { unheard: "" } }],
    ] as const) {
      it(title, async () => {
        const scene = sceneOf({ podSelector: selector }, ["Ingress"]);
        assert.notEqual((await asItStands(scene)).verdicts, judgedByUs(scene));
        assert.equal((await asked(scene)).verdicts, judgedByUs(scene));
      });
    }

    it("a peer without any selector is every pod of the namespace to it, and refused by the API server and us", async () => {
      const scene = sceneOf({}, ["Ingress"]);
      assert.equal((await asked(scene)).verdicts, "3333");
      assert.match(readPolicies(scene.policies).problems[0]?.message ?? "", /^The peer is empty/);
    });
  });

  async function judgeAll(scenes: readonly Scene[]): Promise<string[]> {
    const verdicts: string[] = [];
    for (const scene of scenes) {
      verdicts.push(judgedByUs(scene));
      // Questions and answers go over pipes meanwhile.
      await setImmediate();
    }
    return verdicts;
  }

  /** The smallest part of a scene of which the two say different things, in words. */
  async function difference(scene: Scene, itsSeed: number): Promise<string> {
    const smallest = await shrink(scene, async (scenes) => {
      const theirs = await ask(scenes);
      return scenes.map((smaller, at) => {
        const { verdicts } = theirs[at] ?? {};
        return verdicts !== undefined && verdicts !== judgedByUs(smaller);
      });
    });
    const [theirs] = await ask([smallest]);
    const ours = judgedByUs(smallest);
    const lines = [...connections(smallest)].flatMap(({ from, to, port }, at) => {
      const [said, answered] = [ours[at], theirs?.verdicts?.[at]];
      if (said === answered) return [];
      const on = smallest.ports[port];
      return [
        `end ${from} to end ${to} on ${on?.protocol ?? ""} ${on?.port ?? ""}: ours ${said ?? ""}, theirs ${answered ?? ""}`,
      ];
    });
    return [
      `${again(itsSeed)}. 1 is ingress, 2 is egress; ${theirs?.error ?? ""}`,
      ...lines,
      stringify(smallest),
    ].join("\n");
  }
});
