import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { addressOf, at, create, peers, podsOf, readyPods, until } from "../../support/data-plane.ts";
import { useSharedPlane } from "../../support/shared-plane.ts";
import { note, onePod } from "../../support/traffic.ts";

const count = 50;

describe(`a Deployment of ${count} pods on two nodes`, function () {
  this.timeout("5 minutes");
  const plane = useSharedPlane();
  let traces: readonly string[];

  before(async () => {
    await create(plane(), peers("scale", "api-gateway", { http: 8080 }, { node: "node-1" }));
  });

  it("comes up, and each pod is reached", async function () {
    const gateway = at(await onePod(plane(), "scale", "api-gateway"));
    const began = Date.now();
    await create(plane(), peers("scale", "api-backend", { http: 8080 }, { replicas: count }));
    const pods = await readyPods(plane(), "scale", "api-backend", count, 180);
    note(this, `ready after ${((Date.now() - began) / 1000).toFixed(1)} s`);

    const targets = pods.map((pod) => `http:${addressOf(pod)}:8080`);
    await until("each of them to be reached", 30, async () => {
      const probed = await plane().dataPlane.probe(gateway, targets);
      return probed.length === count && probed.every(({ outcome }) => outcome === "open");
    });
    assert.deepEqual([...new Set(pods.map(({ spec }) => spec?.nodeName))].sort(), ["node-1", "node-2"]);

    traces = await tracesOfPods("api-backend");
    const present = await everything();
    assert.equal(traces.filter((trace) => present.has(trace)).length, 3 * count);
  });

  it("goes without a trace when it is scaled to none", async () => {
    const scale = [{ op: "replace", path: "/spec/replicas", value: 0 }];
    await plane().apps.patchNamespacedDeployment({ namespace: "scale", name: "api-backend", body: scale });
    await until("the pods to be gone", 120, async () => {
      const pods = await podsOf(plane(), "scale", "app.kubernetes.io/name=api-backend");
      return pods.length === 0;
    });
    await until("the last trace to be gone", 120, async () => {
      const present = await everything();
      return !traces.some((trace) => present.has(trace));
    });
  });

  /** What there is for each pod of a workload: a control group, a network namespace, a device that leads there. */
  async function tracesOfPods(workload: string): Promise<string[]> {
    const { dataPlane, core } = plane();
    const running = dataPlane.state.pods.filter(
      ({ namespace, name }) => namespace === "scale" && name.startsWith(workload),
    );
    const ask =
      'for pid; do readlink "/proc/$pid/ns/net"; nsenter --net="/proc/$pid/ns/net" ip -o link show eth0; done';
    const pids = running.map(({ pid }) => `${pid}`);
    const { stdout } = await dataPlane.exec("outside", ["sh", "-c", ask, "sh", ...pids]);
    const { items } = await core.listNamespacedPod({ namespace: "scale" });
    const lines = stdout.split("\n");
    return running.flatMap(({ name, node }, index) => [
      `group ${node} ${items.find(({ metadata }) => metadata?.name === name)?.metadata?.uid}`,
      `namespace ${/\d+/.exec(lines[2 * index] ?? "")?.[0]}`,
      `device ${node} ${/eth0@if(\d+)/.exec(lines[2 * index + 1] ?? "")?.[1]}`,
    ]);
  }

  /** All groups, namespaces and devices of the data plane, in the same words. */
  async function everything(): Promise<ReadonlySet<string>> {
    const { dataPlane } = plane();
    const perNode = dataPlane.state.nodes.map(async ({ name }) => {
      const { stdout } = await dataPlane.exec({ node: name }, ["ip", "-json", "link"]);
      const devices = (JSON.parse(stdout) as { ifindex: number }[]).map(
        ({ ifindex }) => `device ${name} ${ifindex}`,
      );
      const groups = readdirSync(join(dataPlane.group, name)).map((group) => `group ${name} ${group}`);
      return [...devices, ...groups];
    });
    // The processes of this data plane have a PID namespace of their own, so that no others are listed.
    const { stdout } = await dataPlane.exec("outside", [
      "lsns",
      "--type",
      "net",
      "--noheadings",
      "--output",
      "NS",
    ]);
    const namespaces = stdout
      .trim()
      .split(/\s+/)
      .map((id) => `namespace ${id}`);
    return new Set([...(await Promise.all(perNode)).flat(), ...namespaces]);
  }
});
