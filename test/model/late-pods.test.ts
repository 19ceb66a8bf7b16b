import assert from "node:assert/strict";
import { latePods } from "../../model/late-pods.ts";
import type { ObservedPod } from "../../model/late-pods.ts";

describe("latePods()", () => {
  type Status = NonNullable<ObservedPod["status"]>;
  const notReady = [{ type: "Ready", status: "False" }];
  const agent = (over: object) => ({ name: "cilium-agent", ready: false, restartCount: 0, ...over });
  const told = (status: Status): string[] => latePods([{ spec: { nodeName: "node-1" }, status }]);

  it("tells nothing of a pod that is ready", () => {
    assert.deepEqual(told({ conditions: [{ type: "Ready", status: "True" }] }), []);
  });

  it("tells what an agent said before it ended, without the logger's dress", () => {
    const message =
      'time="2026-11-24T18:07:57Z" level=info msg="Start hook executed" subsys=hive\n' +
      'time="2026-11-24T18:07:58Z" level=fatal msg="Invalid \\"map\\" size" error="too large" subsys=daemon\n';
    const terminated = { exitCode: 1, message };
    assert.deepEqual(
      told({
        conditions: notReady,
        containerStatuses: [agent({ restartCount: 3, lastState: { terminated } })],
      }),
      ['node-1: cilium-agent ended with exit code 1 (restarts: 3): Invalid "map" size: too large'],
    );
  });

  it("takes the last line of a log of another kind", () => {
    const terminated = { exitCode: 2, message: "panic: nil\n" };
    assert.deepEqual(
      told({
        conditions: notReady,
        containerStatuses: [agent({ restartCount: 1, lastState: { terminated } })],
      }),
      ["node-1: cilium-agent ended with exit code 2 (restarts: 1): panic: nil"],
    );
  });

  it("tells of the init container that fails, not of those that wait for it", () => {
    const terminated = {
      exitCode: 1,
      message: 'level=fatal msg="Unable to reach the API server" error="timeout"',
    };
    const config = { name: "config", ready: false, restartCount: 2, lastState: { terminated } };
    const done = { name: "mount", ready: false, restartCount: 0, state: { terminated: { exitCode: 0 } } };
    const waiting = { reason: "PodInitializing" };
    assert.deepEqual(
      told({
        conditions: notReady,
        initContainerStatuses: [done, config],
        containerStatuses: [agent({ state: { waiting } })],
      }),
      ["node-1: config ended with exit code 1 (restarts: 2): Unable to reach the API server: timeout"],
    );
  });

  it("tells what it waits for", () => {
    const waiting = { reason: "ImagePullBackOff", message: "no such image" };
    assert.deepEqual(told({ conditions: notReady, containerStatuses: [agent({ state: { waiting } })] }), [
      "node-1: cilium-agent waits (ImagePullBackOff: no such image)",
    ]);
  });

  it("tells why a pod has no node, and of one that simply takes its time", () => {
    const conditions = [{ type: "PodScheduled", status: "False", message: "0/3 nodes are available" }];
    assert.deepEqual(latePods([{ status: { conditions } }]), ["no node yet: 0/3 nodes are available"]);
    assert.deepEqual(told({ conditions: notReady, containerStatuses: [agent({})] }), [
      "node-1: cilium-agent runs, but is not ready",
    ]);
  });
});
