import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { release } from "node:os";
import { join } from "node:path";
import { Api } from "../control-plane/api.ts";
import { accessOf } from "../control-plane/credentials.ts";
import { createNodes, waitForNodes } from "../control-plane/furnish.ts";
import { addressAt } from "../control-plane/cidr.ts";
import { startControlPlane } from "../control-plane/index.ts";
import type { ControlPlane } from "../control-plane/index.ts";
import type { NodeManifest } from "../control-plane/manifest.ts";
import { nodeObjects } from "../control-plane/nodes.ts";
import { fillPool, nodeCidr } from "../control-plane/options.ts";
import { textOf } from "../control-plane/error.ts";
import { removeGroup } from "./cgroup.ts";
import { DataPlane } from "./data-plane.ts";
import { DataPlaneError } from "./error.ts";
import type { KeeperSpec } from "./keeper/spec.ts";
import { Keeper } from "./keeper.ts";
import { DataPlaneLayout } from "./layout.ts";
import { sweepGroups } from "./lifecycle.ts";
import { cgroup2Mount, readMachine, refusal, shortcomings } from "./machine.ts";
import type { Machine } from "./machine.ts";
import { folderOf, programsOf } from "./options.ts";
import type { DataPlaneOptions } from "./options.ts";

/** Neither the cluster's pods nor its Services nor its nodes: see `PlainNetwork`. */
const plainCidr = "10.243.0.0/16";

/**
 * Starts a cluster whose nodes are network namespaces of this machine: real packets, and
 * Cilium's real agent as soon as a Helm release asks for it. Until then a plain network
 * joins all pods. It ends with this process, however that ends, unless it is `detached`.
 * What a crashed run left is removed first.
 * @throws DataPlaneError with every feature that the machine lacks, or with what failed and the log to read
 * @throws ControlPlaneError when the control plane does not start, or one runs in the folder
 */
export async function startDataPlane(options: DataPlaneOptions): Promise<DataPlane> {
  const began = Date.now();
  const { tools, name = "data-plane", nodes: count = 1, detached = false, keepLogs = false } = options;
  if (!Number.isInteger(count) || count < 1 || count > 3) {
    throw new DataPlaneError(`nodes is ${count}: use 1, 2 or 3`);
  }
  const machine = readMachine();
  const missing = shortcomings(machine, count);
  if (missing.length > 0) throw new DataPlaneError(refusal(missing));

  const layout = new DataPlaneLayout(folderOf(options));
  const mount = cgroup2Mount(textOf("/proc/self/mountinfo")) ?? "";
  const group = layout.group(mount);
  // 172.18.0.1; the nodes come after it.
  const outsideAddress = addressAt(nodeCidr, 1);
  const cluster = await startControlPlane({
    programs: { controlPlane: tools.path("control-plane") },
    name,
    folder: layout.cluster,
    address: outsideAddress,
    keepLogs,
  });
  try {
    // From here on the folder is ours alone: the control plane's record says so.
    await removeGroup(group);
    sweepGroups(mount);
    // A small virtual machine each, as they claim.
    const pool = fillPool({ count, cores: 4, memory: "8GiB", kernelVersion: release() });
    const nodes = nodeObjects([pool]);
    const spec = furnish(layout, { cluster, nodes, group, outsideAddress, machine, options });
    const api = new Api(accessOf(textOf(cluster.kubeconfig)));
    try {
      await createNodes(api, nodes, { seconds: 30 });
      const keeper = Keeper.start(spec, layout);
      await keeper.ready();
      const alive = (): void => keeper.assertRunning();
      await waitForNodes(api, count, { seconds: 60, log: layout.keeperLog, alive });
      if (detached) await keeper.detach();
    } finally {
      api.close();
    }
    if (detached) await cluster.detach();
    return new DataPlane(layout.folder, { keepLogs, readyAfter: Date.now() - began });
  } catch (error) {
    // The logs stay, because the message names them; the next start removes them.
    await removeGroup(group).finally(() => cluster.stop());
    throw error;
  }
}

interface Given {
  readonly cluster: ControlPlane;
  readonly nodes: readonly NodeManifest[];
  readonly group: string;
  readonly outsideAddress: string;
  readonly machine: Machine;
  readonly options: DataPlaneOptions;
}

/** Fills the folder with what the keeper needs. */
function furnish(layout: DataPlaneLayout, given: Given): KeeperSpec {
  const { cluster, nodes, group, outsideAddress, machine, options } = given;
  for (const path of [layout.state, layout.logs, layout.compilers])
    rmSync(path, { recursive: true, force: true });
  mkdirSync(layout.logs, { recursive: true, mode: 0o700 });
  mkdirSync(layout.compilers);
  // Debian's is called clang-16.
  symlinkSync(machine.programs.get("clang")?.path ?? "", join(layout.compilers, "clang"));
  // The agent asks for modules that this kernel has built in, or that it can do without.
  const modprobe = join(layout.compilers, "modprobe");
  writeFileSync(modprobe, "#!/bin/sh\n");
  chmodSync(modprobe, 0o755);

  return {
    name: cluster.name,
    nodes: nodes.map(({ metadata, status }, index) => ({
      name: metadata.name,
      address: status.addresses[0]?.address ?? "",
      plainCidr: addressAt(plainCidr, index * 256) + "/24",
    })),
    kubeconfig: cluster.kubeconfig,
    apiServerPort: cluster.port,
    outsideAddress,
    group,
    programs: programsOf(options.tools),
    compilerFolder: layout.compilers,
    logs: layout.logs,
    state: layout.state,
    dnsAddress: cluster.dnsAddress,
    clusterDomain: cluster.clusterDomain,
    apiServiceAddress: addressAt(cluster.serviceCidr, 1),
  };
}
