import { accessSync, constants, statSync } from "node:fs";
import { Api } from "./api.ts";
import { boot } from "./boot.ts";
import type { Booted } from "./boot.ts";
import { ControlPlaneError } from "./error.ts";
import { applyAll, createNodes, waitForDaemonSet, waitForDeployment, waitForNodes } from "./furnish.ts";
import { kubeadmObjects } from "./kubeadm.ts";
import { Layout } from "./layout.ts";
import type { Part } from "./layout.ts";
import { stopControlPlane, takeFolder } from "./lifecycle.ts";
import { nodeObjects } from "./nodes.ts";
import { plan as planOf } from "./options.ts";
import type { ControlPlaneOptions, Plan } from "./options.ts";
import { release, writeRecord } from "./owner.ts";
import { stageFiles } from "./stages.ts";
import { childrenOf, endProcesses } from "./supervisor.ts";
import type { Bound } from "./wait.ts";

/** A Kubernetes cluster on this machine's loopback address. */
export interface ControlPlane {
  readonly name: string;
  /** Path of its kubeconfig, inside its folder. There is no other. */
  readonly kubeconfig: string;
  /** The one context in the kubeconfig. */
  readonly context: string;
  /** URL of the API server. */
  readonly server: string;
  readonly host: string;
  readonly port: number;
  /** pid of the supervisor, whose end ends the cluster. */
  readonly pid: number;
  readonly folder: string;
  readonly clusterDomain: string;
  readonly serviceCidr: string;
  /** Address of the kube-dns Service. */
  readonly dnsAddress: string;
  /** Folder with one log per part. */
  readonly logs: string;
  /** Milliseconds from the call until the API server answered, and until everything was ready. */
  readonly timings: { readonly apiReady: number; readonly allReady: number };
  /** Lets it outlive this process, until it is stopped. */
  detach(): Promise<void>;
  /** Stops it, waits until no process of it is left, and removes its folder. Stopping again does nothing. */
  stop(): Promise<void>;
}

/**
 * Starts a cluster and waits until its nodes, CoreDNS and kube-proxy are ready. It
 * ends with this process, however that ends, unless it is `detached`. What a crashed
 * run left in the folder is removed first.
 * @throws ControlPlaneError with what failed, the log to read and its last lines
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const began = Date.now();
  const plan = planOf(options);
  assertRuns(plan.programs.controlPlane);
  const { kwok } = plan.programs;
  if (kwok) assertRuns(kwok.path);
  const stages = kwok && stageFiles(kwok.stages);
  const layout = new Layout(plan.folder);
  const record = await takeFolder(layout, plan.name);
  try {
    const booted = await boot(plan, layout, record, stages);
    const apiReady = Date.now() - began;
    await furnishOrEnd(plan, layout, booted);
    return {
      name: plan.name,
      kubeconfig: layout.kubeconfig,
      context: booted.context,
      server: booted.access.server,
      host: "127.0.0.1",
      port: booted.port,
      pid: booted.supervisor.identity.pid,
      folder: layout.folder,
      clusterDomain: plan.clusterDomain,
      serviceCidr: plan.serviceCidr,
      dnsAddress: plan.dnsAddress,
      logs: layout.logs,
      timings: { apiReady, allReady: Date.now() - began },
      detach: () => detach(layout, booted),
      stop: async () => {
        await stopControlPlane(layout.folder, { keepLogs: plan.keepLogs, id: record.id });
      },
    };
  } catch (error) {
    // The logs stay, because the message names them; the next start removes them.
    release(layout, record, true);
    throw error;
  }
}

async function furnishOrEnd(plan: Plan, layout: Layout, booted: Booted): Promise<void> {
  const { supervisor } = booted;
  try {
    await furnish(plan, layout, booted);
    const children = childrenOf(layout);
    writeRecord(layout, { ...booted.record, children });
    if (plan.detached) await detach(layout, booted);
  } catch (error) {
    await endProcesses(supervisor.identity, childrenOf(layout));
    throw error;
  }
}

async function detach(layout: Layout, { supervisor, record }: Booted): Promise<void> {
  writeRecord(layout, { ...record, children: childrenOf(layout), detached: true });
  await supervisor.detach();
}

/** Fills the empty cluster with nodes and with what kubeadm leaves behind, and waits for both. */
async function furnish(plan: Plan, layout: Layout, { access, supervisor }: Booted): Promise<void> {
  const api = new Api(access);
  const nodes = nodeObjects(plan.nodes);
  const objects = kubeadmObjects({ ...plan, ...access });
  const workloads = ["DaemonSet", "Deployment"];
  const apply = (which: (kind: string) => boolean): Promise<void> =>
    applyAll(
      api,
      objects.filter(({ kind }) => which(kind)),
      "kubeadm",
      bound("kube-apiserver"),
    );
  const bound = (part: Part): Bound => ({
    seconds: plan.timeoutSeconds,
    log: layout.log(part),
    alive: () => supervisor.assertRunning(),
  });
  try {
    await Promise.all([
      createNodes(api, nodes, bound("kube-apiserver")),
      apply((kind) => !workloads.includes(kind)),
    ]);
    // Pods whose service account is not there yet would be tried again only after a while.
    await apply((kind) => kind === "DaemonSet");
    await waitForNodes(api, nodes.length, bound("kwok"));
    // Before, the first Ready node would get all the replicas.
    await apply((kind) => kind === "Deployment");
    if (nodes.length === 0) return;
    await Promise.all([
      waitForDeployment(api, "kube-system", "coredns", bound("kube-controller-manager")),
      waitForDaemonSet(api, "kube-system", "kube-proxy", nodes.length, bound("kube-controller-manager")),
    ]);
  } finally {
    api.close();
  }
}

function assertRuns(program: string): void {
  try {
    accessSync(program, constants.X_OK);
    if (statSync(program).isFile()) return;
  } catch {
    // Told below.
  }
  throw new ControlPlaneError(`There is no program at ${program}: build it, or give its path`);
}
