import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type ControlPlane, type NodePool, startControlPlane } from "../../sandbox/control-plane/index.ts";
import { Engine, type EngineOptions } from "../../sandbox/engine.ts";
import { type ClusterClient, openCluster } from "../../components/cluster-client.ts";
import type { Values } from "../../model/cilium/merge-values.ts";
import { programsOf } from "../../sandbox/programs.ts";
import { ensureTools, type Tools } from "../../toolchain/index.ts";

/** A cluster and an engine of its own for the tests of one file. */
export interface Sandbox {
  readonly tools: Tools;
  readonly cluster: ControlPlane;
  readonly client: ClusterClient;
  /** Scratch folder, gone after the tests. */
  readonly folder: string;
  readonly engine: Engine;
  /** Settings that point a stack at this sandbox: chart on this machine, an API server address. */
  readonly here: Values;
  /** An engine with its own backend on the same cluster. */
  readonly newEngine: (options?: Partial<EngineOptions>) => Engine;
}

/**
 * Starts a sandbox before the tests of a describe block, and stops it after them.
 * @returns the sandbox, to be asked for inside tests only
 */
export function useSandbox(nodes: NodePool = { count: 3 }): () => Sandbox {
  let sandbox: Sandbox | undefined;
  before(async function () {
    this.timeout("90 minutes");
    const tools = await ensureTools();
    this.timeout("3 minutes");
    mkdirSync(".sandbox", { recursive: true });
    const folder = mkdtempSync(join(process.cwd(), ".sandbox", "test-"));
    const cluster = await startControlPlane({
      programs: programsOf(tools),
      name: "test",
      folder: join(folder, "cluster"),
      nodes,
    });
    let engines = 0;
    const newEngine = (options: Partial<EngineOptions> = {}): Engine => {
      const own = join(folder, `engine-${++engines}`);
      return new Engine({ bin: tools.bin, folder: own, kubeconfig: cluster.kubeconfig, ...options });
    };
    process.env.KUBECONFIG = cluster.kubeconfig;
    sandbox = {
      tools,
      cluster,
      client: await openCluster(),
      folder,
      engine: newEngine(),
      here: {
        cluster: { apiServer: { host: "10.0.0.10", port: 6443 } },
        cilium: { chart: { path: tools.path("cilium-chart") } },
      },
      newEngine,
    };
  });
  after(async function () {
    this.timeout("1 minute");
    await sandbox?.cluster.stop();
    if (sandbox) rmSync(sandbox.folder, { recursive: true, force: true });
  });
  return () => {
    if (!sandbox) throw new Error("The sandbox is there inside tests only");
    return sandbox;
  };
}
