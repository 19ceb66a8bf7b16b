import assert from "node:assert/strict";
import type { V1Pod } from "@kubernetes/client-node";
import { mergeValues } from "../../../model/cilium/merge-values.ts";
import { isReady } from "../../../model/late-pods.ts";
import { addressOf, at, create, peers, podsOf, readyPods, until } from "../../support/data-plane.ts";
import { useSharedPlane } from "../../support/shared-plane.ts";
import { inWords, note, onePod, startStream, type Tally } from "../../support/traffic.ts";

describe("a restart of Cilium's agents keeps traffic flowing and policies enforced", function () {
  this.timeout("4 minutes");
  const plane = useSharedPlane();
  let client: V1Pod, tcpEcho: V1Pod, udpEcho: V1Pod;

  before(async () => {
    await create(
      plane(),
      peers("restart", "client", { http: 8080 }, { node: "node-1" }),
      peers("restart", "tcp-echo", { echo: 7000 }, { node: "node-2", protocol: "tcp" }),
      peers("restart", "udp-echo", { echo: 7000 }, { node: "node-2", protocol: "udp" }),
    );
    [client, tcpEcho, udpEcho] = await Promise.all([
      onePod(plane(), "restart", "client"),
      onePod(plane(), "restart", "tcp-echo"),
      onePod(plane(), "restart", "udp-echo"),
    ]);
  });

  it("one node after the other", async function () {
    const seen = await during(async () => {
      for (const { metadata } of await agents()) {
        await plane().core.deleteNamespacedPod({ namespace: "kube-system", name: metadata?.name ?? "" });
        await until("another agent in its place", 90, () => areReady({ without: [metadata?.uid] }));
      }
    });
    note(this, seen.inWords);
    assertUndisturbed(seen);
  });

  it("on all nodes at once, as a changed value of the release rolls them out", async function () {
    const before = (await agents()).map(({ metadata }) => metadata?.uid);
    const seen = await during(async () => {
      const values = { podLabels: { rolled: "out" } };
      await plane().redeploy((settings) => mergeValues(settings, { cilium: { values } }));
      await until("another agent on every node", 90, () => areReady({ without: before }));
    });
    note(this, seen.inWords);
    assertUndisturbed(seen);
  });

  it("and joins new pods after it", async () => {
    const scale = [{ op: "replace", path: "/spec/replicas", value: 3 }];
    await plane().apps.patchNamespacedDeployment({ namespace: "restart", name: "tcp-echo", body: scale });
    for (const pod of await readyPods(plane(), "restart", "tcp-echo", 3)) {
      const target = `tcp:${addressOf(pod)}:7000`;
      // The client's own node may learn of the pod after the pod is ready on another one.
      await until(
        `the client to reach ${target}`,
        60,
        async () => (await outcome(client, target)) === "open",
      );
      assert.equal(await outcome(udpEcho, target), "timeout");
    }
  });

  interface Seen {
    readonly tcp: Tally;
    readonly udp: Tally;
    /** How new connections ended while an agent was away. */
    readonly declared: ReadonlySet<string>;
    readonly undeclared: ReadonlySet<string>;
    readonly inWords: string;
  }

  /** Lets connections run through some work, and opens new ones all the while. */
  async function during(work: () => Promise<void>): Promise<Seen> {
    const toTcp = `tcp:${addressOf(tcpEcho)}:7000`;
    const toClient = `tcp:${addressOf(client)}:8080`;
    const streams = [
      await startStream(plane(), at(client), toTcp),
      await startStream(plane(), at(client), `udp:${addressOf(udpEcho)}:7000`),
    ];
    const declared = new Set<string>();
    const undeclared = new Set<string>();
    let isOver = false;
    const working = work().finally(() => (isOver = true));
    while (!isOver) {
      const isAway = !(await areReady());
      const [passes, drops] = await Promise.all([outcome(client, toTcp), outcome(tcpEcho, toClient)]);
      if (!isAway) continue;
      declared.add(passes);
      undeclared.add(drops);
    }
    await working;
    const [tcp, udp] = (await Promise.all(streams.map((stream) => stream.end()))) as [Tally, Tally];
    return { tcp, udp, declared, undeclared, inWords: `TCP ${inWords(tcp)}; UDP ${inWords(udp)}` };
  }

  function assertUndisturbed({ tcp, udp, declared, undeclared }: Seen): void {
    assert.deepEqual({ lost: tcp.lost, broken: tcp.broken }, { lost: 0, broken: undefined });
    assert.ok(udp.lost <= 5, inWords(udp));
    assert.deepEqual([...declared], ["open"], "new connections pass while an agent is away");
    assert.deepEqual([...undeclared], ["timeout"], "nothing else passes while an agent is away");
  }

  const agents = (): Promise<V1Pod[]> => podsOf(plane(), "kube-system", "k8s-app=cilium");

  async function areReady({ without = [] as readonly (string | undefined)[] } = {}): Promise<boolean> {
    const pods = await agents();
    return pods.length === 2 && pods.every((pod) => isReady(pod) && !without.includes(pod.metadata?.uid));
  }

  async function outcome(from: V1Pod, target: string): Promise<string> {
    const [probed] = await plane().dataPlane.probe(at(from), [target], 0.5);
    return probed?.outcome ?? "";
  }
});
