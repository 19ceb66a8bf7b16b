import assert from "node:assert/strict";
import { readFileSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import type { V1ConfigMap, V1DeploymentList, V1NodeList, V1PodList } from "@kubernetes/client-node";
import { parseQuantity } from "../../model/quantity.ts";
import { Api } from "../../sandbox/control-plane/api.ts";
import { ipv4Range } from "../../sandbox/control-plane/cidr.ts";
import { accessOf } from "../../sandbox/control-plane/credentials.ts";
import { startControlPlane } from "../../sandbox/control-plane/index.ts";
import type { ControlPlane } from "../../sandbox/control-plane/index.ts";
import { waitFor } from "../../sandbox/control-plane/wait.ts";
import { apiOf, pidsOf } from "../support/control-plane.ts";
import { removeScratch, scratch } from "../support/processes.ts";
import { controlPlanePrograms } from "../support/tools.ts";

/** A real cluster: what it is like. */
describe("A control plane of 20 nodes in two pools", function () {
  this.timeout("2 minutes");
  let cluster: ControlPlane;
  let api: Api;
  let busy: boolean;
  before(async function () {
    this.timeout("30 minutes");
    const programs = await controlPlanePrograms();
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
    removeScratch();
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
      assert.ok(range && address && address.first > range.first && address.first < range.first + range.size);
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
    const { server, authority } = accessOf(readFileSync(cluster.kubeconfig, "utf8"));
    const stranger = new Api({ server, authority });
    const path = "/api/v1/namespaces/kube-public/configmaps/cluster-info";
    const info = await stranger.get<V1ConfigMap>(path);
    assert.ok(info.data?.kubeconfig?.includes(cluster.server));
    await assert.rejects(stranger.get("/api/v1/nodes"), { name: "ApiError", code: 403 });
    await assert.rejects(stranger.get("/api/v1/namespaces/kube-system/configmaps/coredns"), { code: 403 });
    stranger.close();
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

/** Inode of a socket behind a file descriptor. */
function socketOf(descriptor: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(descriptor))?.[1];
  } catch {
    return undefined;
  }
}
