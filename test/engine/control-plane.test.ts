import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import type { V1ConfigMap, V1DeploymentList, V1NodeList, V1PodList } from "@kubernetes/client-node";
import { Api } from "../../sandbox/control-plane/api.ts";
import { checkout } from "../../sandbox/control-plane/checkout.ts";
import { parseQuantity } from "../../model/quantity.ts";
import { ipv4Range } from "../../sandbox/control-plane/cidr.ts";
import { accessOf } from "../../sandbox/control-plane/credentials.ts";
import { cleanUp, startControlPlane, status, stopControlPlane } from "../../sandbox/control-plane/index.ts";
import type { ControlPlane, ControlPlaneOptions, Programs } from "../../sandbox/control-plane/index.ts";
import { waitFor } from "../../sandbox/control-plane/wait.ts";
import {
  isRunning,
  removeScratch,
  scratch,
  shellScript,
  start as startProcess,
  until,
} from "../support/processes.ts";
import { controlPlanePrograms } from "../support/tools.ts";

/** Real programs, real clusters: what starts, what it is like, and that nothing of it stays. */
describe("A control plane on this machine", function () {
  this.timeout("2 minutes");
  let programs: Programs;
  before(async function () {
    this.timeout("30 minutes");
    programs = await controlPlanePrograms();
  });

  const started: ControlPlane[] = [];
  const start = async (over: Partial<ControlPlaneOptions> = {}): Promise<ControlPlane> => {
    const cluster = await startControlPlane({ programs, folder: join(scratch(), "cluster"), ...over });
    started.push(cluster);
    return cluster;
  };
  afterEach(async () => {
    for (const cluster of started.splice(0)) await cluster.stop();
  });
  after(removeScratch);

  const apiOf = ({ kubeconfig }: ControlPlane): Api => new Api(accessOf(readFileSync(kubeconfig, "utf8")));
  /** The supervisor's pid and its children's. */
  const pidsOf = (folder: string): number[] => {
    const { supervisor, children } = JSON.parse(readFileSync(join(folder, "owner.json"), "utf8")) as {
      supervisor: { pid: number };
      children: { pid: number }[];
    };
    return [supervisor.pid, ...children.map(({ pid }) => pid)];
  };
  const assertGone = async (pids: readonly number[]): Promise<void> => {
    assert.equal(pids.length, 6);
    await until(() => !pids.some(isRunning), `end of ${pids.join(", ")}`);
  };

  describe("of 20 nodes in two pools", () => {
    let cluster: ControlPlane;
    let api: Api;
    let busy: boolean;
    before(async () => {
      busy = (loadavg()[0] ?? 0) > availableParallelism();
      const nodes = [
        { count: 18, cores: 16, memory: "64GiB" },
        {
          count: 2,
          name: "edge",
          cores: 4,
          memory: "8GiB",
          kernelVersion: "6.8.0",
          labels: { zone: "edge" },
        },
      ];
      cluster = await startControlPlane({ programs, folder: join(scratch(), "cluster"), nodes });
      api = apiOf(cluster);
    });
    after(async () => {
      api.close();
      await cluster.stop();
    });

    it("is ready in well under 10 seconds, on a machine with nothing else to do", function () {
      if (busy) this.skip();
      assert.ok(cluster.timings.allReady < 10_000, `${cluster.timings.allReady} ms`);
    });

    it("has the nodes that were asked for, Ready and with a pod range of their own", async () => {
      const { items } = await api.get<V1NodeList>("/api/v1/nodes");
      assert.equal(items.length, 20);
      assert.equal(new Set(items.map(({ spec }) => spec?.podCIDR)).size, 20);
      const edge = items.find(({ metadata }) => metadata?.name === "edge-1");
      assert.ok(edge);
      assert.equal(edge.metadata?.labels?.zone, "edge");
      assert.equal(parseQuantity(edge.status?.capacity?.memory ?? ""), 8 * 2 ** 30);
      const { kernelVersion, kubeletVersion, osImage } = edge.status?.nodeInfo ?? {};
      assert.deepEqual([kernelVersion, kubeletVersion, osImage], ["6.8.0", "v1.36.3", "Ubuntu 22.04.5 LTS"]);
    });

    it("runs kube-proxy on every node and CoreDNS on two, with addresses of the pods' range", async () => {
      const { items } = await api.get<V1PodList>("/api/v1/namespaces/kube-system/pods");
      const of = (app: string) => items.filter(({ metadata }) => metadata?.labels?.["k8s-app"] === app);
      assert.equal(of("kube-proxy").length, 20);
      assert.equal(new Set(of("kube-dns").map(({ spec }) => spec?.nodeName)).size, 2);
      const range = ipv4Range("10.244.0.0/16");
      for (const { status } of of("kube-dns")) {
        const address = ipv4Range(`${status?.podIP ?? ""}/32`);
        assert.ok(
          range && address && address.first > range.first && address.first < range.first + range.size,
        );
      }
    });

    it("is what kubeadm leaves behind, by kubeadm's hand", async () => {
      const path = "/api/v1/namespaces/kube-system/configmaps/coredns";
      const { data, metadata } = await api.get<V1ConfigMap>(path);
      assert.match(data?.Corefile ?? "", /kubernetes cluster\.local in-addr\.arpa ip6\.arpa/);
      assert.deepEqual(
        metadata?.managedFields?.map(({ manager }) => manager),
        ["kubeadm"],
      );
    });

    it("shows cluster-info to strangers, and nothing else", async () => {
      const access = accessOf(readFileSync(cluster.kubeconfig, "utf8"));
      const stranger = new Api({ ...access, token: "wrong" });
      await assert.rejects(stranger.get("/api/v1/nodes"), { name: "ApiError", code: 401 });
      stranger.close();
      const info = await api.get<V1ConfigMap>("/api/v1/namespaces/kube-public/configmaps/cluster-info");
      assert.ok(info.data?.kubeconfig?.includes(cluster.server));
    });

    it("progresses Deployments and finishes deleting namespaces", async () => {
      const namespace = "shop";
      await api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }, "test");
      const labels = { app: "web" };
      const deployment = {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "web", namespace },
        spec: {
          replicas: 3,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { containers: [{ name: "web", image: "registry.example/web:1" }] },
          },
        },
      };
      await api.apply(deployment, "test");
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
      await waitFor("web", { seconds: 20 }, async () => {
        const [web] = (await api.get<V1DeploymentList>(path)).items;
        const available = web?.status?.availableReplicas ?? 0;
        return available === 3 ? { value: undefined } : { seen: `${available} available` };
      });
      const root = await api.get<V1ConfigMap>(`/api/v1/namespaces/${namespace}/configmaps/kube-root-ca.crt`);
      assert.match(root.data?.["ca.crt"] ?? "", /BEGIN CERTIFICATE/);
      await api.send("DELETE", `/api/v1/namespaces/${namespace}`);
      await waitFor("the namespace to go", { seconds: 20 }, () =>
        api.get(`/api/v1/namespaces/${namespace}`).then(
          () => ({ seen: "there" }),
          (error: unknown) => ({ value: error }),
        ),
      );
    });

    it("keeps its files to itself", () => {
      for (const entry of readdirSync(cluster.folder, { recursive: true, encoding: "utf8" })) {
        const path = join(cluster.folder, entry);
        assert.equal(statSync(path).mode & 0o077, 0, path);
      }
    });

    it("listens on loopback only, and on one port", () => {
      const inodes = new Set(
        pidsOf(cluster.folder).flatMap((pid) =>
          readdirSync(`/proc/${pid}/fd`).flatMap((fd) => socketOf(`/proc/${pid}/fd/${fd}`) ?? []),
        ),
      );
      const listening = ["tcp", "tcp6", "udp", "udp6"].flatMap((protocol) =>
        readFileSync(`/proc/net/${protocol}`, "utf8")
          .trim()
          .split("\n")
          .slice(1)
          .map((line) => line.trim().split(/\s+/))
          .filter(([, , , state, , , , , , inode]) => state === "0A" && inodes.has(inode ?? ""))
          .map(([, local]) => local),
      );
      assert.deepEqual(listening, [`0100007F:${cluster.port.toString(16).toUpperCase().padStart(4, "0")}`]);
    });
  });

  it("stops without a trace, and starts again in the same folder", async () => {
    const folder = join(scratch(), "cluster");
    for (let round = 0; round < 2; round++) {
      const cluster = await start({ folder });
      const pids = pidsOf(folder);
      await cluster.stop();
      await assertGone(pids);
      assert.ok(!existsSync(folder));
      await cluster.stop();
    }
  });

  it("leaves its logs if wanted", async () => {
    const cluster = await start({ keepLogs: true, nodes: { count: 0 } });
    await cluster.stop();
    assert.deepEqual(readdirSync(cluster.folder), ["logs"]);
  });

  it("runs beside another one", async () => {
    const [one, other] = await Promise.all([start({ name: "one" }), start({ name: "other" })]);
    assert.notEqual(one.port, other.port);
    await one.stop();
    const seen = await status(other.folder);
    assert.ok(seen.state === "running");
    assert.deepEqual(seen.nodes, { ready: 3, all: 3 });
  });

  it("refuses a second one in its folder", async () => {
    const { folder, pid } = await start({ nodes: { count: 0 } });
    await assert.rejects(
      start({ folder }),
      new RegExp(`A control plane runs in .* already \\(pid ${pid}\\)`),
    );
  });

  it("says that a wanted port is taken", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    try {
      await assert.rejects(start({ port }), {
        message: `Port ${port} of 127.0.0.1 is taken: choose another one, or none`,
      });
    } finally {
      server.close();
    }
  });

  it("says why the API server ended at its start", async () => {
    const flag = '[ "$1" != kube-apiserver ] || set -- "$@" --no-such-flag';
    const run = `exec ${programs.controlPlane} "$@"`;
    const controlPlane = shellScript(join(scratch(), "control-plane"), `${flag}\n${run}`);
    await assert.rejects(start({ programs: { ...programs, controlPlane } }), (error: Error) => {
      assert.match(
        error.message,
        /^The control plane ended because kube-apiserver did\n.*kube-apiserver\.log ends with:/,
      );
      assert.match(error.message, /unknown flag: --no-such-flag/);
      return true;
    });
  });

  it("takes everything along when the supervisor is killed, and is repaired by the next start", async () => {
    const folder = join(scratch(), "cluster");
    const cluster = await start({ folder });
    const pids = pidsOf(folder);
    process.kill(cluster.pid, "SIGKILL");
    await assertGone(pids);
    assert.deepEqual(await status(folder), { state: "left over" });
    const next = await start({ folder });
    await cluster.stop();
    assert.equal((await status(folder)).state, "running");
    await next.stop();
  });

  it("ends when one of its parts does", async () => {
    const { folder } = await start();
    const pids = pidsOf(folder);
    process.kill(pids[1] ?? 0, "SIGKILL");
    await assertGone(pids);
  });

  /** Starts a cluster in a process of its own and returns that process, once all is ready. */
  const startElsewhere = async (folder: string, detached: boolean) => {
    const options = JSON.stringify({ programs, folder, detached });
    const script =
      `import { startControlPlane } from ${JSON.stringify(join(checkout, "sandbox/control-plane/index.ts"))};` +
      `startControlPlane(${options}).then(() => console.log("ready"));` +
      (detached ? "" : "setInterval(() => {}, 1000);");
    const owner = startProcess(process.execPath, ["--import", "tsx", "--eval", script], { cwd: checkout });
    await until(() => owner.output().includes("ready") || owner.child.exitCode !== null, "ready", 60_000);
    assert.match(owner.output(), /^ready/);
    return owner;
  };

  it("ends with its owner, even when that one is killed", async () => {
    const folder = join(scratch(), "cluster");
    const owner = await startElsewhere(folder, false);
    const pids = pidsOf(folder);
    assert.ok(pids.every(isRunning));
    owner.child.kill("SIGKILL");
    await assertGone(pids);
    assert.equal(await cleanUp(folder), "removed");
    assert.ok(!existsSync(folder));
  });

  it("outlives its owner when it is detached, until it is stopped", async () => {
    const folder = join(scratch(), "cluster");
    const owner = await startElsewhere(folder, true);
    await owner.ended;
    const pids = pidsOf(folder);
    const seen = await status(folder);
    assert.ok(seen.state === "running");
    assert.deepEqual(seen.nodes, { ready: 3, all: 3 });
    assert.equal(await cleanUp(folder), "runs");
    assert.equal(await stopControlPlane(folder), true);
    await assertGone(pids);
    assert.ok(!existsSync(folder));
  });
});

/** Inode of a socket behind a file descriptor. */
function socketOf(descriptor: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(descriptor))?.[1];
  } catch {
    return undefined;
  }
}
