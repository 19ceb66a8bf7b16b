import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { attachedToRoot, type BpfSnapshot, snapshot } from "../../sandbox/data-plane/bpf.ts";
import {
  addressOf,
  at,
  create,
  deployDev,
  peers,
  podsOf,
  until,
  useDataPlane,
} from "../support/data-plane.ts";
import { traceKinds, tracesOfCilium } from "../support/traces-of-cilium.ts";
import { onePod } from "../support/traffic.ts";

describe("a stack that comes and goes", function () {
  this.timeout("4 minutes");
  const plane = useDataPlane(2);
  let before: BpfSnapshot;

  it("hooks its own nodes when it is deployed, and at no time the machine", async () => {
    before = snapshot();
    const ownOfMachine = new Set(attachedToRoot(before));
    let isOver = false;
    const deployed = deployDev(plane()).finally(() => {
      isOver = true;
    });
    while (!isOver) {
      const added = attachedToRoot(snapshot()).filter((line) => !ownOfMachine.has(line));
      assert.deepEqual(added, []);
      await sleep(200);
    }
    await deployed;
    const traces = await tracesOfCilium(plane().dataPlane, before);
    const missing = traceKinds.filter((kind) => !traces.some((line) => line.startsWith(kind)));
    assert.deepEqual(missing, [], "each kind is there to be found");
  });

  it("leaves an open network and no eBPF when it is destroyed", async () => {
    await create(
      plane(),
      peers("shop", "one", { http: 8080 }, { node: "node-1" }),
      peers("shop", "two", { http: 8080 }, { node: "node-2" }),
    );
    assert.deepEqual(await reached(), ["timeout", "timeout"]);

    const run = await plane().engine.destroy("dev");
    assert.equal(run.code, 0, run.output);

    await until("the nodes to be clear of Cilium", 60, async () => {
      const agents = await podsOf(plane(), "kube-system", "k8s-app=cilium");
      return agents.length === 0 && plane().dataPlane.state.pods.every(({ network }) => network !== "cilium");
    });
    await until("the pods to reach each other", 20, async () => (await reached()).join() === "open,open");
    assert.deepEqual(await tracesOfCilium(plane().dataPlane, before), []);
  });

  /** How either of the two pods reaches the other. */
  async function reached(): Promise<string[]> {
    const [one, two] = [await onePod(plane(), "shop", "one"), await onePod(plane(), "shop", "two")];
    const ways = [[one, two] as const, [two, one] as const];
    const probed = await Promise.all(
      ways.map(([from, to]) => plane().dataPlane.probe(at(from), [`tcp:${addressOf(to)}:8080`])),
    );
    return probed.flat().map(({ outcome }) => outcome);
  }
});
