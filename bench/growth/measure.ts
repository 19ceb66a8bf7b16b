import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { get } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { checkout } from "../../sandbox/control-plane/checkout.ts";
import { accessOf } from "../../sandbox/control-plane/credentials.ts";
import { type ControlPlane, startControlPlane } from "../../sandbox/control-plane/index.ts";
import { Engine, type Run } from "../../sandbox/engine.ts";
import { programsOf } from "../../sandbox/programs.ts";
import type { Tools } from "../../toolchain/index.ts";
import { namespacesOf, objectsOf, settingsOf, type Way } from "./settings.ts";

/** What a size takes by one way. */
export interface Measured {
  readonly resources: number;
  readonly stateKiB: number;
  /** Of namespaces, policies and Services, without watches. */
  readonly upRequests: number;
  readonly previewRequests: number;
  readonly preview: number;
  readonly up: number;
  readonly again: number;
}

/** Objects that were applied, and the seconds and requests that it took. */
export interface Peer {
  readonly objects: number;
  readonly seconds: number;
  readonly requests: number;
}

/** A cluster of its own for one measurement. */
async function withCluster<T>(
  tools: Tools,
  measure: (cluster: ControlPlane, folder: string) => Promise<T>,
): Promise<T> {
  mkdirSync(join(checkout, ".sandbox"), { recursive: true });
  const folder = mkdtempSync(join(checkout, ".sandbox", "growth-"));
  const cluster = await startControlPlane({
    programs: programsOf(tools),
    name: "growth",
    folder: join(folder, "cluster"),
    nodes: { count: 1 },
  });
  try {
    return await measure(cluster, folder);
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Deploys so many namespaces with this program. */
export const measureDeployment = (tools: Tools, size: number, way: Way): Promise<Measured> =>
  withCluster(tools, async (cluster, folder) => {
    const engine = new Engine({
      bin: tools.bin,
      kubeconfig: cluster.kubeconfig,
      folder: join(folder, "engine"),
    });
    const file = join(folder, "namespaces.json");
    writeFileSync(file, JSON.stringify(namespacesOf(size)));
    await engine.createStack("dev", { ...settingsOf(way), namespaces: [], namespaceFiles: [file] });
    const preview = await timed(() => engine.preview("dev"));
    const before = await requests(cluster);
    const up = await timed(() => engine.up("dev"));
    const between = await requests(cluster);
    const again = await timed(() => engine.preview("dev", "--expect-no-changes"));
    const after = await requests(cluster);
    return {
      ...stateOf(engine),
      upRequests: between - before,
      previewRequests: after - between,
      preview,
      up,
      again,
    };
  });

/** Applies the same objects with kubectl, namespaces first. */
export const measureKubectl = (tools: Tools, size: number): Promise<Peer> =>
  withCluster(tools, async (cluster, folder) => {
    const objects = objectsOf(namespacesOf(size));
    const before = await requests(cluster);
    let seconds = 0;
    for (const [name, items] of Object.entries(objects)) {
      const file = join(folder, `${name}.json`);
      writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
      const began = performance.now();
      const env = { ...process.env, KUBECONFIG: cluster.kubeconfig };
      await promisify(execFile)(tools.path("kubectl"), ["apply", "-f", file], { env, maxBuffer: 2 ** 26 });
      seconds += (performance.now() - began) / 1000;
    }
    const count = Object.values(objects).flat().length;
    return { objects: count, seconds, requests: (await requests(cluster)) - before };
  });

async function timed(run: () => Promise<Run>): Promise<number> {
  const began = performance.now();
  const { code, output } = await run();
  if (code !== 0) throw new Error(output.slice(-4000));
  return (performance.now() - began) / 1000;
}

function stateOf(engine: Engine): { resources: number; stateKiB: number } {
  const stacks = join(engine.folder, "state", ".pulumi", "stacks");
  const file = readdirSync(stacks, { recursive: true, encoding: "utf8" }).find((name) =>
    name.endsWith("dev.json"),
  );
  const path = join(stacks, file ?? "");
  const { checkpoint } = JSON.parse(readFileSync(path, "utf8")) as {
    checkpoint: { latest: { resources: unknown[] } };
  };
  return { resources: checkpoint.latest.resources.length, stateKiB: statSync(path).size / 1024 };
}

/** What the API server has been asked so far about namespaces, policies and Services, by its own count; watches left out. */
async function requests({ kubeconfig }: ControlPlane): Promise<number> {
  const { server, token, authority } = accessOf(readFileSync(kubeconfig, "utf8"));
  const headers = { authorization: `Bearer ${token ?? ""}` };
  const asked = get(`${server}/metrics`, { ca: authority, headers });
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  const metrics = await text(answer);
  return metrics
    .split("\n")
    .filter((line) =>
      /^apiserver_request_total\{.*resource="(networkpolicies|namespaces|services)"/.test(line),
    )
    .filter((line) => !line.includes('verb="WATCH"') && !line.includes('subresource="finalize"'))
    .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}
