import { release } from "node:os";
import { openCluster } from "../../components/cluster-client.ts";
import type { Values } from "../../model/cilium/merge-values.ts";
import type { Settings } from "../../model/settings.ts";
import { ensureTools, type Tools } from "../../toolchain/index.ts";
import { type DataPlane, dataPlaneTools, startDataPlane } from "../data-plane/index.ts";
import { engineTools } from "../programs.ts";
import { deployDev, devSettings, enginesFor, readCorefile, readDeployed, showBlocked } from "./deploy.ts";
import { DemoError } from "./error.ts";
import { Experiment } from "./experiment.ts";
import { leave } from "./leave.ts";
import { measuredReport } from "./matrix.ts";
import { deploymentReport } from "./report.ts";
import type { Stage } from "./stage.ts";
import { faultsOf, summaryOf } from "./verdict.ts";

/** Nodes of the demo's data plane: with two, traffic crosses from one to the other. */
export const planeNodes = 2;

/** The demo on a data plane: who reaches whom is measured, before and after. */
export async function measuredDemo(stage: Stage): Promise<void> {
  const { name, folder, steps, style, ending, keep } = stage;
  // Says itself what it does: on a first run for many minutes.
  const tools = await ensureTools({ only: [...dataPlaneTools, ...engineTools, "cilium-chart-1.15"] });
  ending.onSignal();
  const plane = await steps.run(
    "Cluster",
    () => ending.start(startDataPlane({ tools, name, folder, nodes: planeNodes, detached: keep })),
    () => `Kubernetes 1.36 on ${planeNodes} nodes with real packets; your kubeconfig is not touched`,
  );
  process.env.KUBECONFIG = plane.kubeconfig;
  const cluster = await openCluster();
  const engines = enginesFor(stage, tools.bin, plane.kubeconfig);
  const settings = devSettings();
  const experiment = new Experiment(plane, cluster, settings);

  const before = await steps.run(
    "Workloads, no policy",
    () => experiment.before(),
    (tried) => `all of ${tried.length} connections pass`,
  );
  await showBlocked(stage, engines);
  const corefile = await readCorefile(cluster);
  await deployDev(stage, engines, settingsHere(settings, plane, tools));
  await steps.run(
    "Pods moved to Cilium",
    () => experiment.restart(),
    (count) =>
      `${count} deleted, as after any change of CNI: policies hold for the pods that Cilium has attached`,
  );
  const after = await steps.run(
    "The same, and DNS",
    () => experiment.after(),
    (tried) => `${tried.filter(({ isOpen }) => !isOpen).length} of ${tried.length} denied`,
  );

  console.log(`\n${deploymentReport(await readDeployed(engines, cluster, corefile), style)}`);
  const { connections } = experiment;
  console.log(measuredReport({ connections, before, after, denies: await experiment.denies() }, style));
  const faults = faultsOf(after);
  if (faults.length > 0) {
    const text = ["Not exactly the declared flows pass:", ...faults].join("\n  ✗ ");
    // Who wants to keep it wants to look into it.
    if (!keep) throw new DemoError(text);
    console.error(`\n${style.red(text)}\n`);
    process.exitCode = 1;
  } else console.log(`\n${style.green("✔")} ${style.bold(summaryOf(before, after))}\n`);
  await leave(stage, plane.kubeconfig, {
    leftOut:
      "Only simulated: the node-tuning DaemonSet (no sysctl of this machine is written), Hubble's relay and UI.",
    commands: [
      `npm run data-plane -- flows --name ${name}`,
      `npm run data-plane -- exec --name ${name} ${await experiment.somePod()} -- ip address`,
    ],
  });
}

/** What is different here from the stack as a user deploys it. */
function settingsHere({ namespaces }: Settings, { apiServer, state }: DataPlane, tools: Tools): Values {
  const chart = tools.programs.find(({ name }) => name === "cilium-chart-1.15");
  return {
    cluster: { apiServer, nodes: state.nodes.length, node: { kernel: release() } },
    cilium: { version: chart?.version, chart: { path: chart?.path } },
    // The workloads came first, so their namespaces are there.
    namespaces: namespaces.map((namespace) => ({ ...namespace, create: false })),
  };
}
