import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Where } from "../../../sandbox/data-plane/index.ts";
import { addressOf, at, create, peers, podsOf, readyPods, until } from "../../support/data-plane.ts";
import { useSharedPlane } from "../../support/shared-plane.ts";
import { onePod, service } from "../../support/traffic.ts";

describe("DNS by a real CoreDNS under default-deny", function () {
  this.timeout("3 minutes");
  const plane = useSharedPlane();
  let gateway: Where;

  before(async () => {
    await create(
      plane(),
      peers("dns", "api-gateway", { http: 8080 }),
      peers("dns", "api-backend", { http: 8080 }, { replicas: 2 }),
      service("dns", "backend", "api-backend", [{ port: 80, targetPort: "http" }]),
      service("dns", "backends", "api-backend", [{ port: 8080 }], { clusterIP: "None" }),
    );
    gateway = at(await onePod(plane(), "dns", "api-gateway"));
  });

  it("tells the addresses of Services and of the pods of headless ones, by UDP and by TCP", async () => {
    const backends = await readyPods(plane(), "dns", "api-backend", 2);
    const { spec } = await plane().core.readNamespacedService({ namespace: "dns", name: "backend" });
    await until("both pods to have a record", 20, async () => {
      const { udp } = await ask(gateway, "backends.dns.svc.cluster.local");
      return udp?.split(",").length === 2;
    });
    for (const [name, addresses] of [
      ["kubernetes.default", ["10.96.0.1"]],
      ["backend.dns", [spec?.clusterIP ?? ""]],
      ["backends.dns", backends.map(addressOf)],
    ] as const) {
      const { udp, tcp } = await ask(gateway, `${name}.svc.cluster.local`);
      assert.deepEqual(udp?.split(",").sort(), [...addresses].sort(), `${name} by UDP`);
      assert.deepEqual(tcp?.split(",").sort(), [...addresses].sort(), `${name} by TCP`);
    }
    assert.deepEqual(await ask(gateway, "nobody.dns.svc.cluster.local"), {
      udp: "NXDOMAIN",
      tcp: "NXDOMAIN",
    });
  });

  it("is all that its pods answer to others, isolated or not: kube-system is under default-deny", async () => {
    await create(plane(), { apiVersion: "v1", kind: "Namespace", metadata: { name: "open" } });
    await create(plane(), peers("open", "client", { http: 8080 }));
    const client = at(await onePod(plane(), "open", "client"));
    const [pod] = await podsOf(plane(), "kube-system", "k8s-app=kube-dns");
    assert.ok(pod);
    const [metrics] = await plane().dataPlane.probe(client, [`http:${addressOf(pod)}:9153/metrics`]);
    assert.equal(metrics?.outcome, "timeout");
    assert.deepEqual(await ask(client, "kubernetes.default.svc.cluster.local", addressOf(pod)), {
      udp: "10.96.0.1",
      tcp: "10.96.0.1",
    });
  });

  it("is cut off by TCP where a policy allows UDP alone, which is why the stack allows both", async () => {
    await create(plane(), {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "udp-alone" },
    });
    await plane().networking.createNamespacedNetworkPolicy({
      namespace: "udp-alone",
      body: {
        metadata: { name: "allow-dns" },
        spec: {
          podSelector: {},
          policyTypes: ["Ingress", "Egress"],
          egress: [{ ports: [{ protocol: "UDP", port: 53 }] }],
        },
      },
    });
    await create(plane(), peers("udp-alone", "client", { http: 8080 }));
    const client = at(await onePod(plane(), "udp-alone", "client"));
    const name = "kubernetes.default.svc.cluster.local";
    // CoreDNS' own policy lets pods of a new identity in when its agents have heard of it.
    await until("an answer by UDP", 20, async () => (await ask(client, name)).udp === "10.96.0.1");
    assert.deepEqual(await ask(client, name), {
      udp: "10.96.0.1",
      tcp: "timeout",
    });
    assert.deepEqual(await ask(gateway, name), {
      udp: "10.96.0.1",
      tcp: "10.96.0.1",
    });
  });

  it("serves the stack's Corefile: names outside the cluster are asked where the settings say", async () => {
    const { dataPlane, folder, tools } = plane();
    const [upstream, answer] = ["203.0.113.1", "203.0.113.80"];
    const file = join(folder, "Corefile");
    writeFileSync(file, `.:53 {\n  bind ${upstream}\n  hosts {\n    ${answer} www.example.org\n  }\n}\n`);
    dataPlane.spawn("outside", [tools.path("coredns"), "-conf", file]);
    assert.notEqual((await ask(gateway, "www.example.org")).udp, answer);

    await plane().redeploy((settings) => ({ ...settings, dns: { upstreams: [upstream] } }));
    for (const pod of await podsOf(plane(), "kube-system", "k8s-app=kube-dns")) {
      await until(`${pod.metadata?.name} to load it`, 60, async () => {
        const { udp, tcp } = await ask(gateway, "www.example.org", addressOf(pod));
        return udp === answer && tcp === answer;
      });
      assert.equal(
        (await ask(gateway, "kubernetes.default.svc.cluster.local", addressOf(pod))).udp,
        "10.96.0.1",
      );
    }
  });

  /** What a name resolves to by either transport, or how asking ended. */
  async function ask(from: Where, name: string, server = plane().dataPlane.dnsAddress): Promise<Answers> {
    const targets = ["udp", "tcp"].map((transport) => `dns:${name}@${server}/${transport}`);
    const probed = await plane().dataPlane.probe(from, targets);
    const [udp, tcp] = probed.map(({ answer, outcome }) => answer ?? outcome);
    return { udp, tcp };
  }
});

interface Answers {
  readonly udp: string | undefined;
  readonly tcp: string | undefined;
}
