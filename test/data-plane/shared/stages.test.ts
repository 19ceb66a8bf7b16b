import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { V1Pod } from "@kubernetes/client-node";
import { isReady } from "../../../model/late-pods.ts";
import type { Values } from "../../../model/cilium/merge-values.ts";
import { addressOf, at, create, peers, podsOf, until } from "../../support/data-plane.ts";
import { useSharedPlane } from "../../support/shared-plane.ts";
import { inWords, note, onePod, startStream, type Stream } from "../../support/traffic.ts";

const workloads = { web: 8080, api: 8080, db: 5432, stranger: 8080 } as const;
type Name = keyof typeof workloads;

/** Who may, once it counts. */
const declared = ["web → api", "api → db"];

describe("the stages of a namespace, to real packets", function () {
  this.timeout("4 minutes");
  const plane = useSharedPlane();
  const pods = new Map<Name, V1Pod>();
  /** One in a namespace that enforces all the while, and whom it must not reach there. */
  let elsewhere: readonly [from: V1Pod, to: V1Pod];
  let streams: Readonly<Record<"declared" | "undeclared", Stream>>;
  let written: unknown;

  before(async () => {
    const names = Object.keys(workloads) as Name[];
    await create(
      plane(),
      ...names.map((name, index) =>
        peers(
          "stages",
          name,
          { main: workloads[name] },
          { node: `node-${1 + (index % 2)}`, protocol: "tcp" },
        ),
      ),
      ...["api-gateway", "postgres"].map((name) =>
        peers("enforced", name, { http: 8080 }, { protocol: "tcp" }),
      ),
    );
    for (const name of names) pods.set(name, await onePod(plane(), "stages", name));
    elsewhere = [
      await onePod(plane(), "enforced", "api-gateway"),
      await onePod(plane(), "enforced", "postgres"),
    ];
  });

  it("observe: nothing is written, and all of it passes", async () => {
    assert.deepEqual(await policies(), []);
    await until("everybody to reach everybody", 30, async () => (await closed()).length === 0);
    assert.equal(await outcome(...elsewhere, 8080), "timeout");
    streams = { declared: await stream("web", "api"), undeclared: await stream("stranger", "api") };
  });

  it("audit: the policies are there, all of it passes still, and Hubble tells what they would deny", async () => {
    await deploy({ stage: "audit" }, true);
    written = await policies();
    assert.notDeepEqual(written, []);
    await until("all of it to pass", 20, async () => (await closed()).length === 0);
    await until(
      "what another namespace denies to pass, for the switch is the whole cluster's",
      20,
      async () => (await outcome(...elsewhere, 8080)) === "open",
    );
    await until("Hubble to tell of each", 60, async () => {
      // What was tried before may have met agents that did not know all pods again.
      const since = Date.now();
      await closed();
      const told = await verdicts(since);
      return pairs().every(([from, to]) => {
        const seen = told.get(`${from} → ${to}`);
        return seen?.has("AUDIT") === !declared.includes(`${from} → ${to}`);
      });
    });
  });

  it("enforce: what is declared passes on, all else is dropped, the connections that there were, too", async function () {
    await deploy({ stage: "enforce", acceptUnexplainedPods: true }, false);
    assert.deepEqual(await policies(), written, "they were there before, and nobody wrote them anew");
    const undeclared = pairs()
      .map(([from, to]) => `${from} → ${to}`)
      .filter((pair) => !declared.includes(pair));
    await until("exactly what is not declared to be dropped", 20, async () =>
      isDeepStrictEqual((await closed()).sort(), undeclared.sort()),
    );
    assert.equal(await outcome(...elsewhere, 8080), "timeout");
    assert.ok((await verdicts()).get("stranger → api")?.has("DROPPED POLICY_DENIED"));
    const [kept, cut] = [await streams.declared.end(), await streams.undeclared.end()];
    note(this, inWords(kept));
    assert.deepEqual({ lost: kept.lost, broken: kept.broken }, { lost: 0, broken: undefined });
    assert.ok(cut.lost > 0, "a connection that nobody declared goes on");
  });

  /** Deploys another stage, and waits for agents that go by it. */
  async function deploy(over: Values, auditWholeCluster: boolean): Promise<void> {
    const before = (await agents()).map(({ metadata }) => metadata?.uid);
    await plane().redeploy((settings) => ({
      ...settings,
      policies: { ...(settings.policies as Values | undefined), auditWholeCluster },
      namespaces: (settings.namespaces as Values[]).map((namespace) =>
        namespace.name === "stages" ? { ...namespace, ...over } : namespace,
      ),
    }));
    const found = await agents();
    assert.ok(found.every((pod) => isReady(pod) && !before.includes(pod.metadata?.uid)));
  }

  const agents = (): Promise<V1Pod[]> => podsOf(plane(), "kube-system", "k8s-app=cilium");

  /** The namespace's policies, in the version that the API server keeps. */
  async function policies(): Promise<readonly (readonly [name: string, version: string])[]> {
    const { items } = await plane().networking.listNamespacedNetworkPolicy({ namespace: "stages" });
    return items.map(({ metadata }) => [metadata?.name ?? "", metadata?.resourceVersion ?? ""] as const);
  }

  function pairs(): (readonly [from: Name, to: Name])[] {
    const names = [...pods.keys()];
    return names.flatMap((from) => names.filter((to) => to !== from).map((to) => [from, to] as const));
  }

  /** The pairs that do not reach each other, all tried at once. */
  async function closed(): Promise<string[]> {
    const tried = await Promise.all(
      pairs().map(async ([from, to]) => {
        const [source, target] = [pods.get(from), pods.get(to)];
        const ended = source && target && (await outcome(source, target, workloads[to]));
        return ended === "open" ? [] : [`${from} → ${to}`];
      }),
    );
    return tried.flat();
  }

  /** What Hubble says of connections within the namespace. @param since - milliseconds */
  async function verdicts(since = 0): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const nodes = plane().dataPlane.state.nodes.map(({ name }) => name);
    const flows = (await Promise.all(nodes.map((node) => plane().dataPlane.flows(node, 4_000)))).flat();
    const nameOf = (pod = ""): string =>
      [...pods].find(([, { metadata }]) => metadata?.name === pod)?.[0] ?? "";
    const told = new Map<string, Set<string>>();
    for (const { from, to, verdict, dropReason, isReply, time } of flows) {
      if (isReply || Date.parse(time) < since || from.namespace !== "stages" || to.namespace !== "stages")
        continue;
      const pair = `${nameOf(from.pod)} → ${nameOf(to.pod)}`;
      const words = verdict === "DROPPED" ? `${verdict} ${dropReason}` : verdict;
      told.set(pair, (told.get(pair) ?? new Set()).add(words));
    }
    return told;
  }

  const stream = (from: Name, to: Name): Promise<Stream> => {
    const [source, target] = [pods.get(from), pods.get(to)];
    assert.ok(source && target);
    return startStream(plane(), at(source), `tcp:${addressOf(target)}:${workloads[to]}`);
  };

  async function outcome(from: V1Pod, to: V1Pod, port: number): Promise<string> {
    const [probed] = await plane().dataPlane.probe(at(from), [`tcp:${addressOf(to)}:${port}`]);
    return probed?.outcome ?? "";
  }
});
