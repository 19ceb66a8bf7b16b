import assert from "node:assert/strict";
import type { V1Pod } from "@kubernetes/client-node";
import type { Container } from "../../../../sandbox/data-plane/keeper/container.ts";
import { Member } from "../../../../sandbox/data-plane/keeper/member.ts";
import { podStatus } from "../../../../sandbox/data-plane/keeper/pod-status.ts";

const image = { files: {}, entrypoint: ["x"] };
const nothing = async (): Promise<void> => Promise.resolve();

/** A program that ends at once with these codes, one after the other, and then runs on. */
function program(...codes: readonly number[]) {
  const launched: number[] = [];
  const launch = (attempt: number): Promise<Container> => {
    launched.push(attempt);
    const code = codes[attempt];
    const ended = code === undefined ? new Promise<number>(() => undefined) : Promise.resolve(code);
    const container = { ended, isRunning: code === undefined, startedAt: new Date(0), stop: nothing };
    return Promise.resolve(container as unknown as Container);
  };
  return { launched, launch };
}

const statusOf = (member: Member) =>
  podStatus({
    members: [member],
    hostIP: "172.18.0.2",
    podIP: undefined,
    startTime: new Date(0),
    problem: undefined,
  });

describe("Member", () => {
  const pod = (restartPolicy: string): V1Pod => ({ spec: { containers: [], restartPolicy } });
  const make = (going = new AbortController()) => new Member({ name: "main" }, image, going.signal);

  it("runs a program that ended again, and keeps what it said last", async () => {
    const [going, { launch, launched }] = [new AbortController(), program(3)];
    const member = make(going);
    const run = member.keepRunning(pod("Always"), launch, () => "no such file", nothing);
    while (launched.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    await member.look(async () => Promise.resolve(true));
    const status = statusOf(member);
    assert.equal(status.phase, "Running");
    const [container] = status.containerStatuses ?? [];
    assert.equal(container?.restartCount, 1);
    assert.equal(container.ready, true);
    assert.equal(container.lastState?.terminated?.exitCode, 3);
    assert.equal(container.lastState.terminated.message, "no such file");
    going.abort();
    void run;
  });

  for (const [policy, code, phase] of [
    ["Never", 0, "Succeeded"],
    ["Never", 1, "Failed"],
    ["OnFailure", 0, "Succeeded"],
  ] as const) {
    it(`with restart policy ${policy} and exit code ${code}, the pod has ${phase}`, async () => {
      const { launch, launched } = program(code);
      const member = make();
      await member.keepRunning(pod(policy), launch, () => "", nothing);
      assert.deepEqual(launched, [0]);
      assert.equal(statusOf(member).phase, phase);
      assert.equal(member.status.state?.terminated?.exitCode, code);
    });
  }

  it("counts as ready without a program, and says that it is simulated", async () => {
    const member = new Member({ name: "ui" }, undefined, new AbortController().signal);
    await member.keepRunning(pod("Always"), program().launch, () => "", nothing);
    assert.equal(member.isReady, true);
    assert.equal(member.status.imageID, "simulated");
    assert.equal(statusOf(member).phase, "Running");
  });

  it("is not ready until it runs", async () => {
    const member = make();
    await member.look(async () => Promise.resolve(true));
    assert.equal(member.isReady, false);
    assert.equal(statusOf(member).phase, "Pending");
  });

  it("says what keeps the pod from coming up", () => {
    const status = podStatus({
      members: [make()],
      hostIP: "172.18.0.2",
      podIP: "10.244.0.7",
      startTime: new Date(0),
      problem: "its network: no agent",
    });
    assert.equal(status.message, "its network: no agent");
    assert.deepEqual(status.podIPs, [{ ip: "10.244.0.7" }]);
  });
});
