import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  type KubernetesObject,
  NetworkingV1Api,
  type V1Pod,
} from "@kubernetes/client-node";
import { isReady } from "../../model/late-pods.ts";
import type { Values } from "../../model/cilium/merge-values.ts";
import { type DataPlane, dataPlaneTools, startDataPlane } from "../../sandbox/data-plane/index.ts";
import { Engine, type Run } from "../../sandbox/engine.ts";
import { engineTools } from "../../sandbox/programs.ts";
import { ensureTools, type ProgramName, type Tools } from "../../toolchain/index.ts";
import { skipAllWithout } from "./machine.ts";

export { peers } from "../../sandbox/data-plane/index.ts";

/** A data plane, an engine that deploys to it, and clients for its API server. */
export interface Plane {
  readonly dataPlane: DataPlane;
  readonly engine: Engine;
  readonly core: CoreV1Api;
  readonly apps: AppsV1Api;
  readonly networking: NetworkingV1Api;
  readonly objects: KubernetesObjectApi;
  /** Settings that point a stack at this data plane: chart 1.15.19, and the API server behind the relay. */
  readonly here: Values;
  readonly tools: Tools;
  /** Scratch folder, gone after the tests. */
  readonly folder: string;
}

/** The programs that `useDataPlane` takes. */
export const planeTools: readonly ProgramName[] = [...dataPlaneTools, ...engineTools, "cilium-chart-1.15"];

/**
 * Starts a data plane before the tests of a describe block, and stops it after them. Where
 * this machine cannot run one, the tests are skipped, each with the reason behind its title.
 * @returns the data plane, to be asked for inside tests only
 */
export function useDataPlane(nodes: number): () => Plane {
  let plane: Plane | undefined;
  before(async function () {
    skipAllWithout(this, nodes);
    this.timeout("90 minutes");
    const tools = await ensureTools({ only: planeTools });
    this.timeout("3 minutes");
    plane = await startPlane(tools, nodes);
  });
  after(async function () {
    this.timeout("1 minute");
    if (plane) await stopPlane(plane);
  });
  return () => {
    if (!plane) throw new Error("The data plane is there inside tests only");
    return plane;
  };
}

export async function startPlane(tools: Tools, nodes: number): Promise<Plane> {
  mkdirSync(".sandbox", { recursive: true });
  const folder = mkdtempSync(join(process.cwd(), ".sandbox", "test-"));
  const dataPlane = await startDataPlane({ tools, name: "test", folder: join(folder, "plane"), nodes });
  return planeOf(tools, dataPlane, folder);
}

/** What a test needs around a data plane that runs. */
export function planeOf(tools: Tools, dataPlane: DataPlane, folder: string): Plane {
  const config = new KubeConfig();
  config.loadFromFile(dataPlane.kubeconfig);
  return {
    dataPlane,
    engine: new Engine({ bin: tools.bin, folder: join(folder, "engine"), kubeconfig: dataPlane.kubeconfig }),
    core: config.makeApiClient(CoreV1Api),
    apps: config.makeApiClient(AppsV1Api),
    networking: config.makeApiClient(NetworkingV1Api),
    objects: KubernetesObjectApi.makeApiClient(config),
    here: {
      cluster: { apiServer: dataPlane.apiServer },
      cilium: { version: "1.15.19", chart: { path: tools.path("cilium-chart-1.15") } },
    },
    tools,
    folder,
  };
}

export async function stopPlane({ dataPlane, folder }: Plane): Promise<void> {
  await dataPlane.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Deploys the stack dev with settings laid over its own, and waits until every agent is healthy. */
export async function deployDev(plane: Plane, over: Values = {}): Promise<Run> {
  await plane.engine.createStack("dev", { ...plane.here, ...over });
  const run = await plane.engine.up("dev");
  if (run.code !== 0) throw new Error(run.output);
  await agentsReady(plane);
  return run;
}

/** Waits until Cilium's agent is ready on every node. */
async function agentsReady(plane: Plane, seconds = 90): Promise<void> {
  const wanted = plane.dataPlane.state.nodes.length;
  await until(`${wanted} agents to be ready`, seconds, async () => {
    const agents = await podsOf(plane, "kube-system", "k8s-app=cilium");
    return agents.length === wanted && agents.every(isReady);
  });
}

/** Creates objects in order. */
export async function create(plane: Plane, ...objects: readonly KubernetesObject[]): Promise<void> {
  for (const object of objects) await plane.objects.create(object);
}

/** Waits until so many pods of a workload run and are ready, on the network that pods are to be on. */
export function readyPods(
  plane: Plane,
  namespace: string,
  workload: string,
  count = 1,
  seconds = 60,
): Promise<V1Pod[]> {
  const selector = `app.kubernetes.io/name=${workload}`;
  return untilFound(`${count} pods of ${namespace}/${workload}`, seconds, async () => {
    const pods = (await podsOf(plane, namespace, selector)).filter(
      ({ metadata }) => metadata?.deletionTimestamp === undefined,
    );
    return pods.length === count && pods.every(isReady) ? pods : undefined;
  });
}

export async function podsOf({ core }: Plane, namespace: string, labelSelector: string): Promise<V1Pod[]> {
  return (await core.listNamespacedPod({ namespace, labelSelector })).items;
}

/** How `exec`, `probe` and `spawn` name a pod. */
export const at = ({ metadata }: V1Pod): { readonly pod: string } => ({
  pod: `${metadata?.namespace}/${metadata?.name}`,
});

export const addressOf = ({ status }: V1Pod): string => status?.podIP ?? "";

/** Waits until something is so; a question that fails counts as "not yet". */
export async function until(what: string, seconds: number, ask: () => Promise<boolean>): Promise<void> {
  await untilFound(what, seconds, async () => ((await ask()) ? true : undefined));
}

export async function untilFound<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  let last = "";
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    try {
      const found = await ask();
      if (found !== undefined) return found;
      last = "";
    } catch (error) {
      last = `, last: ${error instanceof Error ? error.message : String(error)}`;
    }
    await sleep(200);
  }
  throw new Error(`Waited ${seconds} s in vain for ${what}${last}`);
}
