import { join } from "node:path";
import { openCluster } from "../../components/cluster-client.ts";
import { resolveFlows } from "../../model/policies/flows.ts";
import { ensureTools } from "../../toolchain/index.ts";
import { startControlPlane } from "../control-plane/index.ts";
import { engineTools, programsOf } from "../programs.ts";
import { deployDev, devSettings, enginesFor, readCorefile, readDeployed, showBlocked } from "./deploy.ts";
import { leave } from "./leave.ts";
import { declaredMatrix, deploymentReport } from "./report.ts";
import type { Stage } from "./stage.ts";

const nodes = { count: 3, cores: 4, memory: "8GiB", kernelVersion: "6.1.0" };

/** The demo on simulated nodes: all that needs no packets. */
export async function simulatedDemo(stage: Stage): Promise<void> {
  const { name, folder, steps, style, ending, keep } = stage;
  // Says itself what it does: on a first run for many minutes.
  const tools = await ensureTools({ only: [...engineTools, "control-plane", "kwok", "cilium-chart"] });
  ending.onSignal();
  const { kubeconfig } = await steps.run(
    "Cluster",
    () =>
      ending.start(
        startControlPlane({
          programs: programsOf(tools),
          name,
          folder: join(folder, "cluster"),
          nodes,
          detached: keep,
        }),
      ),
    () => `Kubernetes 1.36 on loopback, ${nodes.count} simulated nodes; your kubeconfig is not touched`,
  );
  const engines = enginesFor(stage, tools.bin, kubeconfig);
  await showBlocked(stage, engines);

  process.env.KUBECONFIG = kubeconfig;
  const cluster = await openCluster();
  const corefile = await readCorefile(cluster);
  await deployDev(stage, engines, {
    // The nodes are simulated: no address of theirs leads to the API server, so one is made up.
    cluster: { apiServer: { host: "10.0.0.10", port: 6443 } },
    cilium: { chart: { path: tools.path("cilium-chart") } },
  });
  console.log(`\n${deploymentReport(await readDeployed(engines, cluster, corefile), style)}`);
  console.log(`${declaredMatrix(resolveFlows(devSettings()).flows, style)}\n`);
  await leave(stage, kubeconfig, {
    leftOut:
      "The nodes are simulated: objects, roll-outs and the API are real, but no packet flows, " +
      "nobody's reach is measured, and no sysctl is written here.",
  });
}
