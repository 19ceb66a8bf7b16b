import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { V1Container, V1Pod, V1PodStatus } from "@kubernetes/client-node";
import { lastLines, messageOf } from "../../control-plane/error.ts";
import { makeGroup, removeGroup } from "../cgroup.ts";
import type { PodName } from "./cilium-network.ts";
import { Container, rootFolder } from "./container.ts";
import { environmentOf, expand } from "./environment.ts";
import { commandOf, imageOf, isPreparedAlready } from "./images.ts";
import type { Image } from "./images.ts";
import type { Kubelet } from "./kubelet.ts";
import { Member } from "./member.ts";
import { makeNamespace, podFolder } from "./network.ts";
import type { NetworkNamespace } from "./network.ts";
import { overridesOf } from "./overrides.ts";
import { podStatus } from "./pod-status.ts";
import { isReady } from "./probe.ts";
import type { PodState } from "./spec.ts";
import { makeVolume, mountsOf, refreshVolume } from "./volumes.ts";
import type { VolumeSource } from "./volumes.ts";

const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** A pod that is bound to a node of ours: its network namespace, its containers, its status. */
export class RunningPod {
  readonly uid: string;
  readonly #kubelet: Kubelet;
  readonly #folder: string;
  readonly #group: string;
  readonly #members: readonly Member[];
  readonly #startedAt = new Date();
  readonly #volumes = new Map<string, VolumeSource>();
  /** Aborted when the pod is to go. */
  readonly #going = new AbortController();
  #starting: Promise<void> = Promise.resolve();
  /** The init container that runs now. */
  #initializing?: Container;
  #pod: V1Pod;
  #namespace?: NetworkNamespace;
  #network: PodState["network"] = "node";
  #address?: string;
  /** Why it does not come up. */
  #problem: string | undefined;
  #reported = "";

  constructor(kubelet: Kubelet, pod: V1Pod) {
    this.#kubelet = kubelet;
    this.#pod = pod;
    this.uid = pod.metadata?.uid ?? "";
    this.#folder = podFolder(this.uid);
    this.#group = join(kubelet.node.group, this.uid);
    this.#members = (pod.spec?.containers ?? []).map(
      (spec) => new Member(spec, imageOf(spec.image ?? "", kubelet.spec), this.#going.signal),
    );
  }

  get state(): PodState {
    const { namespace, name } = this.#name;
    return {
      namespace,
      name,
      node: this.#kubelet.node.spec.name,
      ...(this.#hasNetwork && { pid: this.#networkPid }),
      ...(this.#address !== undefined && { address: this.#address }),
      network: this.#network,
      isAgent: this.isAgent,
      simulated: this.#members.filter(({ image }) => !image).map(({ spec }) => spec.name),
    };
  }

  /** Whether it is a copy of Cilium's agent. */
  get isAgent(): boolean {
    return this.#members.some(({ spec }) => spec.name === "cilium-agent");
  }
  get usesCilium(): boolean {
    return this.#network === "cilium";
  }
  get isStopping(): boolean {
    return this.#going.signal.aborted;
  }

  /** Takes what changed about the pod. */
  update(pod: V1Pod): void {
    this.#pod = pod;
  }

  /** Brings everything up, trying again what fails, until it runs or is to go. */
  start(): Promise<void> {
    this.#starting = this.#bringUp();
    return this.#starting;
  }

  async #bringUp(): Promise<void> {
    makeGroup(this.#group);
    await this.#insist("its volumes", () => this.#makeVolumes());
    await this.#insist("its network", () => this.join());
    for (const spec of this.#pod.spec?.initContainers ?? []) {
      await this.#insist(`init container ${spec.name}`, () => this.#runToEnd(spec));
    }
    if (this.isStopping) return;
    for (const member of this.#members) {
      const { spec, image } = member;
      const launch = (attempt: number): Promise<Container> =>
        image ? this.#launch(spec, image, attempt) : Promise.reject(new Error("simulated"));
      void member.keepRunning(
        this.#pod,
        launch,
        () => this.#lastWords(spec.name),
        () => this.report(),
      );
    }
    await this.report();
    void this.#watchOver();
  }

  /** Joins the pod to its network: the node's own, Cilium's where that is configured, else the plain one. */
  async join(): Promise<void> {
    const { node, cilium, plain, spec } = this.#kubelet;
    if (this.#pod.spec?.hostNetwork) {
      this.#address = node.spec.address;
      return;
    }
    this.#namespace ??= await makeNamespace(this.#group, spec.programs.peer, this.#name.name);
    if (cilium.isConfigured) {
      this.#address = await cilium.attach(this.#namespace, this.#name);
      this.#network = "cilium";
    } else {
      this.#address = await plain.attach(this.#namespace);
      this.#network = "plain";
    }
    await this.report();
  }

  /** Ends the containers, leaves the network, and lets the pod's object go. */
  async stop(): Promise<void> {
    this.#going.abort();
    await this.#initializing?.stop(0);
    // What is half made is finished first, or it would outlive its group.
    await this.#starting.catch(() => undefined);
    const grace = Math.min(this.#pod.metadata?.deletionGracePeriodSeconds ?? 30, 30);
    await Promise.all(this.#members.map((member) => member.stop(grace)));
    if (this.#namespace) {
      const { cilium, plain } = this.#kubelet;
      // Without an agent the plugin cannot tell it: the agent notices when it is back.
      if (this.usesCilium) await cilium.detach(this.#namespace, this.#name).catch(() => undefined);
      else await plain.detach(this.#namespace);
    }
    await removeGroup(this.#group);
    rmSync(this.#folder, { recursive: true, force: true });
    await this.#kubelet.forget(this.#pod);
  }

  /** Writes the status to the API server, if it is another one than before. What fails is tried again later. */
  async report(): Promise<void> {
    const status = this.#status();
    const text = JSON.stringify(status);
    if (text === this.#reported || this.isStopping) return;
    try {
      await this.#kubelet.writeStatus(this.#pod, status);
      this.#reported = text;
    } catch (error) {
      this.#kubelet.log(`The status of ${this.#name.namespace}/${this.#name.name}: ${messageOf(error)}`);
    }
  }

  get #name(): PodName {
    const { namespace = "", name = "" } = this.#pod.metadata ?? {};
    return { namespace, name, uid: this.uid };
  }

  /** Without one, its node's would be taken for it. */
  get #hasNetwork(): boolean {
    return this.#namespace !== undefined || this.#pod.spec?.hostNetwork === true;
  }

  get #networkPid(): number {
    return this.#namespace?.pid ?? this.#kubelet.node.pid;
  }

  /** Tries again, more and more slowly, and says in the pod's status why it is not there yet. */
  async #insist(what: string, attempt: () => Promise<void>): Promise<void> {
    for (let tries = 0; !this.isStopping; tries++) {
      try {
        await attempt();
        this.#problem = undefined;
        return;
      } catch (error) {
        this.#problem = `${what}: ${messageOf(error)}`;
        this.#kubelet.log(`${this.#name.namespace}/${this.#name.name}: ${this.#problem}`);
        await this.report();
        await this.#pause(Math.min(250 * 2 ** tries, 5_000));
      }
    }
  }

  /** Asks the readiness probes, quickly until all are ready, and fills volumes again. */
  async #watchOver(): Promise<void> {
    const folder = join(this.#folder, "volumes");
    const { core, spec } = this.#kubelet;
    for (let round = 1; !this.isStopping; round++) {
      const ask = (container: V1Container): Promise<boolean> =>
        isReady(container, spec.programs.peer, this.#networkPid, this.#address ?? "");
      await Promise.all(this.#members.map((member) => member.look(() => ask(member.spec))));
      await this.report();
      if (round % 10 === 0) {
        for (const volume of this.#pod.spec?.volumes ?? []) {
          await refreshVolume(core, this.#pod, volume, folder).catch(() => undefined);
        }
      }
      await this.#pause(this.#members.every((member) => member.isReady) ? 1_000 : 250);
    }
  }

  /** Waits, but no longer than the pod is to be. */
  async #pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#going.signal }).catch(() => undefined);
  }

  async #makeVolumes(): Promise<void> {
    const { core, node } = this.#kubelet;
    const folder = join(this.#folder, "volumes");
    for (const volume of this.#pod.spec?.volumes ?? []) {
      this.#volumes.set(volume.name, await makeVolume(core, this.#pod, volume, node, folder));
    }
  }

  async #runToEnd(spec: V1Container): Promise<void> {
    const image = imageOf(spec.image ?? "", this.#kubelet.spec);
    if (!image || isPreparedAlready(spec.image ?? "", spec.name)) return;
    this.#initializing = await this.#launch(spec, image, 0);
    const code = await this.#initializing.ended;
    if (code !== 0) throw new Error(`exit code ${code}: ${this.#lastWords(spec.name)}`);
  }

  async #launch(spec: V1Container, image: Image, attempt: number): Promise<Container> {
    const { core } = this.#kubelet;
    const asked = await environmentOf(core, this.#withAddress(), spec, this.#kubelet.spec);
    const env = { PATH: [image.path, systemPath].filter(Boolean).join(":"), HOME: "/tmp", ...asked };
    const argv = commandOf(image, spec).map((argument) => expand(argument, env));
    const folder = rootFolder(this.#folder, spec.name, attempt);
    if (this.isStopping) throw new Error("the pod is to go");
    return new Container({
      group: this.#group,
      network: this.#networkPid,
      argv: [...argv, ...overridesOf(spec.name)],
      env,
      log: this.#log(spec.name),
      ...(!image.bare && {
        root: {
          folder,
          mounts: [...mountsOf(spec, image, this.#volumes), ...this.#kubelet.commonMounts(this.#pod)],
        },
      }),
    });
  }

  #withAddress(): V1Pod {
    const { address: hostIP } = this.#kubelet.node.spec;
    const status = { ...this.#pod.status, hostIP };
    return {
      ...this.#pod,
      status: this.#address === undefined ? status : { ...status, podIP: this.#address },
    };
  }

  #log(container: string): string {
    const { namespace, name } = this.#name;
    const folder = join(this.#kubelet.spec.logs, "pods", namespace, name);
    mkdirSync(folder, { recursive: true });
    return join(folder, `${container}.log`);
  }

  #lastWords(container: string): string {
    return lastLines(this.#log(container), 3).join("\n").slice(-2000);
  }

  #status(): V1PodStatus {
    return podStatus({
      members: this.#members,
      hostIP: this.#kubelet.node.spec.address,
      podIP: this.#address,
      startTime: this.#startedAt,
      problem: this.#problem,
    });
  }
}
