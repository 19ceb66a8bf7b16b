import type { ClusterClient } from "../../components/cluster-client.ts";
import { resolveFlows } from "../../model/policies/flows.ts";
import { type Workload, workloadsOf } from "../../model/policies/workloads.ts";
import type { Settings } from "../../model/settings.ts";
import { type DataPlane, internetAddress } from "../data-plane/index.ts";
import { type Attempt, type Connection, connectionsOf, nameOf, type Target } from "./connections.ts";
import { type Decided, defaultDenies, type Ends, type Side } from "./decision.ts";
import { DemoError } from "./error.ts";
import { explain, tryAll } from "./measure.ts";
import { dnsReady, restartOntoCilium, startWorkloads, whereTheyAre } from "./workloads.ts";

/** Somebody whom the stack knows nothing of, in a namespace that it knows nothing of. */
const stranger: Workload = {
  endpoint: { namespace: "lab", workload: "stranger", labels: { "app.kubernetes.io/name": "stranger" } },
  ports: [{ name: "http", port: 8080, protocol: "TCP" }],
};

const internetPort = 80;

/** Who reaches whom: the stack's workloads and a stranger, before the stack is there and after. */
export class Experiment {
  readonly connections: readonly Connection[];
  readonly #plane: DataPlane;
  readonly #cluster: ClusterClient;
  readonly #workloads: readonly Workload[];
  readonly #elsewhere: ReadonlyMap<string, Ends>;

  /** @param settings the stack's, with workloads and flows */
  constructor(plane: DataPlane, cluster: ClusterClient, settings: Settings) {
    const { namespaces } = settings;
    this.#plane = plane;
    this.#cluster = cluster;
    this.#workloads = [...workloadsOf(namespaces).values(), stranger];
    const { host, port } = plane.apiServer;
    const elsewhere: Target[] = [
      { kind: "address", name: "API server", port, protocols: ["TCP"] },
      { kind: "address", name: "internet", port: internetPort, protocols: ["TCP"] },
      { kind: "dns", name: "DNS", port: 53, protocols: ["UDP", "TCP"] },
    ];
    const addresses = { "API server": host, internet: internetAddress, DNS: plane.dnsAddress };
    this.#elsewhere = new Map(
      Object.entries(addresses).map(([name, address]) => [name, { pod: "", address }]),
    );
    this.connections = connectionsOf(this.#workloads, elsewhere, {
      flows: resolveFlows(settings).flows,
      namespaces: namespaces.map(({ name }) => name),
    });
  }

  /**
   * Starts the workloads on the plain network and tries all but DNS: nothing serves Services yet.
   * @throws DemoError when one does not pass, for then its being denied later would mean nothing
   */
  async before(): Promise<Attempt[]> {
    await this.#serveInternet();
    await startWorkloads(this.#cluster, this.#workloads);
    const connections = this.connections.filter(({ to }) => to.kind !== "dns");
    const tried = await tryAll(this.#plane, connections, await this.#places());
    const closed = tried.find(({ isOpen }) => !isOpen);
    if (closed === undefined) return tried;
    const { from, to, outcome } = closed;
    throw new DemoError(
      `${nameOf(from)} does not reach ${to.name} (${outcome}) before anything is deployed: there is nothing to compare with`,
    );
  }

  /** Moves all pods to Cilium. @returns how many */
  async restart(): Promise<number> {
    const count = await restartOntoCilium(this.#cluster, this.#plane);
    await Promise.all([this.#places(), dnsReady(this.#cluster)]);
    return count;
  }

  /** Tries everything, with who decided about it. */
  async after(): Promise<Decided[]> {
    const places = await this.#places();
    return explain(this.#plane, await tryAll(this.#plane, this.connections, places), places);
  }

  /** The policies that isolate a namespace on a side, as they are in the cluster. */
  async denies(): Promise<(namespace: string, side: Side) => string[]> {
    const { items } = await this.#cluster.networking.listNetworkPolicyForAllNamespaces();
    return (namespace, side) => defaultDenies(items, namespace, side);
  }

  /** A pod of the first workload, as "namespace/name". */
  async somePod(): Promise<string> {
    const [first] = (await this.#places()).values();
    return first?.pod ?? "";
  }

  async #places(): Promise<Map<string, Ends>> {
    return new Map([...(await whereTheyAre(this.#cluster, this.#workloads)), ...this.#elsewhere]);
  }

  /** Starts what answers for the internet; it ends with the data plane. */
  async #serveInternet(): Promise<void> {
    const serve = `"$0" serve --http ${internetPort} </dev/null >/dev/null 2>&1 &`;
    const { code, stderr } = await this.#plane.exec("outside", ["sh", "-c", serve, this.#plane.peer]);
    if (code !== 0) throw new DemoError(`Nothing can be served outside of the nodes: ${stderr.trim()}`);
  }
}
