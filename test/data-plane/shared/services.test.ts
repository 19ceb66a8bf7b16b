import assert from "node:assert/strict";
import type { V1Pod, V1Service, V1ServicePort, V1ServiceSpec } from "@kubernetes/client-node";
import type { Where } from "../../../sandbox/data-plane/index.ts";
import { addressOf, at, create, peers, readyPods, until, untilFound } from "../../support/data-plane.ts";
import { useSharedPlane } from "../../support/shared-plane.ts";
import { onePod, service } from "../../support/traffic.ts";

describe("Services under default-deny, whose pods are on the other node", function () {
  this.timeout("3 minutes");
  const plane = useSharedPlane();
  let gateway: Where, postgres: Where;
  let backends: V1Pod[];

  before(async () => {
    await create(
      plane(),
      peers("services", "api-gateway", { http: 8080 }, { node: "node-1" }),
      peers("services", "postgres", { postgres: 5432 }, { node: "node-1", protocol: "tcp" }),
      peers("services", "api-backend", { http: 8080 }, { node: "node-2", replicas: 2 }),
    );
    gateway = at(await onePod(plane(), "services", "api-gateway"));
    postgres = at(await onePod(plane(), "services", "postgres"));
    backends = await readyPods(plane(), "services", "api-backend", 2);
  });

  it("pass a declared flow at a port of their own, which leads to a container's port by its name", async () => {
    // The flow is declared for 8080: a policy sees a packet as it reaches the pod.
    const { clusterIP } = await serve("backend", [{ port: 80, targetPort: "http" }]);
    await until("the Service to answer", 20, async () => (await outcome(gateway, clusterIP, 80)) === "open");
    assert.equal(await outcome(postgres, clusterIP, 80), "timeout");
  });

  it("without an address have one record for each pod, and each of them answers", async () => {
    await serve("backends", [{ port: 8080, targetPort: "http" }], { clusterIP: "None" });
    const question = `dns:backends.services.svc.cluster.local@${plane().dataPlane.dnsAddress}/udp`;
    const addresses = await untilFound("both records", 30, async () => {
      const answer = (await plane().dataPlane.probe(gateway, [question]))[0]?.answer?.split(",") ?? [];
      return answer.length === 2 ? answer : undefined;
    });
    assert.deepEqual(addresses.sort(), backends.map(addressOf).sort());
    for (const address of addresses) {
      assert.equal(await outcome(gateway, address, 8080), "open");
      assert.equal(await outcome(postgres, address, 8080), "timeout");
    }
  });

  it("answer clients outside at a node's port only where a policy allows their address, at a pod's node", async () => {
    const [anywhere, nearby] = await Promise.all(
      (["Cluster", "Local"] as const).map((externalTrafficPolicy) =>
        serve(`backend-${externalTrafficPolicy.toLowerCase()}`, [{ port: 80, targetPort: "http" }], {
          type: "NodePort",
          externalTrafficPolicy,
        }),
      ),
    );
    const ports = { Cluster: nodePortOf(anywhere), Local: nodePortOf(nearby) };
    const seen = async (): Promise<Record<string, string>> => {
      const told: Record<string, string> = {};
      for (const { name, address } of plane().dataPlane.state.nodes) {
        for (const [policy, port] of Object.entries(ports))
          told[`${policy}, at ${name}`] = (await outcome("outside", address, port)) ?? "";
      }
      return told;
    };
    const none = {
      "Cluster, at node-1": "timeout",
      "Local, at node-1": "timeout",
      "Cluster, at node-2": "timeout",
      "Local, at node-2": "timeout",
    };
    // Until the agent serves a new port, the node itself refuses.
    await until(
      "no node to refuse the port",
      30,
      async () => !Object.values(await seen()).includes("refused"),
    );
    assert.deepEqual(await seen(), none);

    const client = `${plane().dataPlane.state.outside.address}/32`;
    await plane().networking.createNamespacedNetworkPolicy({
      namespace: "services",
      body: {
        metadata: { name: "allow-client" },
        spec: {
          podSelector: { matchLabels: { "app.kubernetes.io/name": "api-backend" } },
          policyTypes: ["Ingress"],
          ingress: [{ _from: [{ ipBlock: { cidr: client } }], ports: [{ port: 8080 }] }],
        },
      },
    });
    const { address } = plane().dataPlane.state.nodes.find(({ name }) => name === "node-2") ?? {
      address: "",
    };
    await until(
      "the policy to count",
      20,
      async () => (await outcome("outside", address, ports.Local)) === "open",
    );
    // At another node than the pod's the client's address is replaced by the node's, which no ipBlock selects.
    assert.deepEqual(await seen(), { ...none, "Cluster, at node-2": "open", "Local, at node-2": "open" });
  });

  /** Creates a Service before api-backend, and returns it with its addresses and ports. */
  async function serve(
    name: string,
    ports: V1ServicePort[],
    more: V1ServiceSpec = {},
  ): Promise<V1ServiceSpec> {
    await create(plane(), service("services", name, "api-backend", ports, more));
    const { spec } = await plane().core.readNamespacedService({ namespace: "services", name });
    return spec ?? {};
  }

  async function outcome(from: Where, host = "", port = 0): Promise<string | undefined> {
    const [probed] = await plane().dataPlane.probe(from, [`http:${host}:${port}`]);
    return probed?.outcome;
  }
});

const nodePortOf = (spec: V1Service["spec"]): number => spec?.ports?.[0]?.nodePort ?? 0;
