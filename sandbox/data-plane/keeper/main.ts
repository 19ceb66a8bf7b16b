// The keeper: first process of a data plane's own PID namespace, whose end ends all of it.
import { once } from "node:events";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AppsV1Api, CoordinationV1Api, CoreV1Api, KubeConfig, makeInformer } from "@kubernetes/client-node";
import type { V1Pod } from "@kubernetes/client-node";
import { messageOf } from "../../control-plane/error.ts";
import { makeGroup } from "../cgroup.ts";
import { Kubelet } from "./kubelet.ts";
import { makeNode, makeOutside, runFolder } from "./network.ts";
import type { NetworkNamespace, Node } from "./network.ts";
import { renewEverySeconds, renewLease, reportReady } from "./nodes.ts";
import { run, spawnIn } from "./shell.ts";
import type { KeeperSpec, KeeperState } from "./spec.ts";

/** One pod's trouble must not end them all. */
process.on("unhandledRejection", (error) => {
  console.error(`Not handled: ${messageOf(error)}`);
});

async function main(file: string): Promise<void> {
  const spec = JSON.parse(readFileSync(file, "utf8")) as KeeperSpec;
  endWithOwner();
  await run(["mount", "-t", "tmpfs", "-o", "mode=0700", "tmpfs", runFolder]);
  const outside = await makeOutside(spec);
  startRelay(spec, outside);
  const nodes = await Promise.all(spec.nodes.map((node) => makeNode(spec, outside, node)));

  const config = new KubeConfig();
  config.loadFromFile(spec.kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const apps = config.makeApiClient(AppsV1Api);
  const tell = teller(spec, outside, nodes, () => kubelets);
  const kubelets = nodes.map((node) => new Kubelet(spec, node, { core, apps }, tell));
  await keepNodesReady(config.makeApiClient(CoordinationV1Api), core, spec);
  await watchPods(config, core, kubelets);
  tell();
}

/**
 * The owner holds the other end of standard input: when it is gone, so are we, unless it
 * said "detach" before. As first process of the namespace we take everything along.
 */
function endWithOwner(): void {
  let detached = false;
  process.stdin.on("data", (chunk: Buffer) => {
    if (chunk.toString().includes("detach")) detached = true;
  });
  process.stdin.on("end", () => {
    if (!detached) process.exit(0);
  });
  // The first process of a namespace gets only the signals that it asks for.
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => process.exit(0));
}

/** Makes the API server, which listens on the machine's loopback, reachable from inside. */
function startRelay(spec: KeeperSpec, outside: NetworkNamespace): void {
  const relay = spawnIn(
    makeGroup(join(spec.group, "relay")),
    [
      ...[spec.programs.peer, "relay", "--listen", `${spec.outsideAddress}:${spec.apiServerPort}`],
      ...["--to", `127.0.0.1:${spec.apiServerPort}`],
      ...["--listen-namespace", `/proc/${outside.pid}/ns/net`],
    ],
    { log: join(spec.logs, "relay.log") },
  );
  void once(relay, "exit").then(() => {
    console.error("The relay to the API server ended: see relay.log");
    process.exit(1);
  });
}

async function keepNodesReady(
  coordination: CoordinationV1Api,
  core: CoreV1Api,
  { nodes }: KeeperSpec,
): Promise<void> {
  const round = async (): Promise<void> => {
    await Promise.all(
      nodes.map(async ({ name }) => {
        await renewLease(coordination, name);
        await reportReady(core, name);
      }),
    );
  };
  await round();
  const forever = async (): Promise<void> => {
    for (;;) {
      await sleep(renewEverySeconds * 1000);
      await round().catch((error: unknown) => {
        console.error(messageOf(error));
      });
    }
  };
  void forever();
}

async function watchPods(config: KubeConfig, core: CoreV1Api, kubelets: readonly Kubelet[]): Promise<void> {
  const informer = makeInformer<V1Pod>(config, "/api/v1/pods", () => core.listPodForAllNamespaces());
  const kubeletOf = ({ spec }: V1Pod): Kubelet | undefined =>
    kubelets.find(({ node }) => node.spec.name === spec?.nodeName);
  informer.on("add", (pod) => kubeletOf(pod)?.see(pod));
  informer.on("update", (pod) => kubeletOf(pod)?.see(pod));
  informer.on("delete", (pod) => kubeletOf(pod)?.gone(pod));
  informer.on("error", (error: unknown) => {
    console.error(`Watching pods: ${messageOf(error)}`);
    setTimeout(() => void informer.start(), 500);
  });
  await informer.start();
}

/** Writes what runs into the state file, soon after a change and not for each one. */
function teller(
  spec: KeeperSpec,
  outside: NetworkNamespace,
  nodes: readonly Node[],
  kubelets: () => readonly Kubelet[],
): () => void {
  let planned: NodeJS.Timeout | undefined;
  const write = (): void => {
    planned = undefined;
    const state: KeeperState = {
      outside: { pid: outside.pid, address: spec.outsideAddress },
      nodes: nodes.map(({ spec: node, pid }) => ({ ...node, pid })),
      pods: kubelets().flatMap(({ pods }) => pods),
    };
    mkdirSync(spec.logs, { recursive: true });
    writeFileSync(`${spec.state}.new`, JSON.stringify(state, undefined, 2), { mode: 0o600 });
    renameSync(`${spec.state}.new`, spec.state);
  };
  return () => {
    planned ??= setTimeout(write, 20);
  };
}

main(process.argv[2] ?? "").catch((error: unknown) => {
  console.error(messageOf(error));
  process.exit(1);
});
