import assert from "node:assert/strict";
import { PatchStrategy, setHeaderOptions, type V1Pod } from "@kubernetes/client-node";
import { readPolicies, type World } from "../../../model/reachability/index.ts";
import { formatProblem } from "../../../model/problem.ts";
import { isReady } from "../../../model/late-pods.ts";
import type { Api } from "../../../sandbox/control-plane/api.ts";
import type { Manifest } from "../../../sandbox/control-plane/manifest.ts";
import { apiOf } from "../control-plane.ts";
import { addressOf, create, type Plane, podsOf, until } from "../data-plane.ts";
import { type Application, asRead, namedPorts, outside, type Place, places } from "./applications.ts";
import { type Attempt, attempt, networkOf, type Reached, type Surprise, surprises } from "./attempts.ts";
import { inForce } from "./in-force.ts";

/** All that a place answers at. */
const knocks = [
  ["TCP", 8080],
  ["TCP", 8081],
  ["TCP", 9090],
  ["UDP", 5353],
  ["UDP", 5354],
] as const;
/** An answer by UDP would come from another of the addresses outside. */
const outsideKnocks = [knocks[0], knocks[2]];

/** The pods on which applications are played, one after the other, and whom they meet outside. */
export class PlayedPods {
  readonly #plane: Plane;
  /** Takes manifests as they are: the client library leaves out `from`, which it calls otherwise. */
  readonly #api: Api;
  /** Policies of the last application, by their UID. */
  #policies: ReadonlyMap<string, Manifest> = new Map();
  #pods: ReadonlyMap<string, V1Pod> = new Map();

  constructor(plane: Plane) {
    this.#plane = plane;
    this.#api = apiOf(plane.dataPlane);
  }

  /** Starts the pods and what answers outside of the cluster. */
  async open(): Promise<void> {
    const plane = this.#plane;
    for (const name of new Set(places.map(({ namespace }) => namespace))) {
      await create(plane, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
    }
    await create(plane, ...places.map(podOf));
    const serve = [
      `ip address add ${outside.far}/32 dev lo`,
      `"$0" serve --tcp 8080 --tcp 9090 </dev/null >/dev/null 2>&1 &`,
    ].join("\n");
    await plane.dataPlane.exec("outside", ["sh", "-c", serve, plane.dataPlane.peer]);
    await until("the pods to be ready", 60, async () => {
      const found = await Promise.all(
        places.map(async ({ namespace, name }) => {
          const [pod] = await podsOf(plane, namespace, `place=${name}`);
          return [name, pod] as const;
        }),
      );
      this.#pods = new Map(found.flatMap(([name, pod]) => (pod && isReady(pod) ? [[name, pod]] : [])));
      return this.#pods.size === places.length;
    });
  }

  /** Closes the connections to the API server. */
  close(): void {
    this.#api.close();
  }

  /** Plays an application, and tries all its connections. @returns those that surprise */
  async play(
    application: Application,
  ): Promise<{ readonly tried: number; readonly surprising: readonly Surprise[] }> {
    await this.#furnish(application);
    const attempts = this.#attempts(application);
    return { tried: attempts.length, surprising: await surprises(this.#plane, attempts) };
  }

  async #furnish({ labels, namespaces, manifests }: Application): Promise<void> {
    const { core } = this.#plane;
    await Promise.all(
      [...this.#policies.values()].map((policy) =>
        this.#api.send("DELETE", pathOf(policy, policy.metadata.name)),
      ),
    );
    const former = new Set(this.#policies.keys());
    const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
    const [made] = await Promise.all([
      Promise.all(manifests.map((manifest) => this.#api.send("POST", pathOf(manifest), manifest))),
      ...[...namespaces].map(([name, own]) =>
        core.patchNamespace({ name, body: { metadata: { labels: own } } }, merge),
      ),
      ...places.map(({ namespace, name }) =>
        core.patchNamespacedPod({ namespace, name, body: { metadata: { labels: labels.get(name) } } }, merge),
      ),
    ]);
    this.#policies = new Map(
      made.map((policy, index) => [uidOf(policy), manifests[index] ?? assert.fail()] as const),
    );
    const identities = new Map(
      places.map(({ namespace, name }) => [
        `${namespace}/${name}`,
        [
          ...Object.entries(labels.get(name) ?? {}).map(([key, value]) => `k8s:${key}=${value}`),
          ...Object.entries(namespaces.get(namespace) ?? {}).map(
            ([key, value]) => `k8s:io.cilium.k8s.namespace.labels.${key}=${value}`,
          ),
        ],
      ]),
    );
    await inForce(this.#plane, { policies: new Set(this.#policies.keys()), former, identities });
  }

  #attempts(application: Application): Attempt[] {
    const { world, pods } = this.#world(application);
    const { host, port } = this.#plane.dataPlane.apiServer;
    const apiServer: Reached = { name: "API server", end: { entity: "api-server" }, address: host };
    const strangers = Object.values(outside).map((address): Reached => ({
      name: address,
      end: { address },
      address,
    }));
    return pods.flatMap((from) => [
      ...pods
        .filter((to) => to !== from)
        .flatMap((to) => knocks.map((knock) => attempt(world, from, to, knock))),
      ...strangers.flatMap((to) => outsideKnocks.map((knock) => attempt(world, from, to, knock))),
      attempt(world, from, apiServer, ["TCP", port]),
    ]);
  }

  /** The world as the evaluator sees it, and those in it who try. */
  #world({ labels, namespaces, manifests, places: playing }: Application): {
    readonly world: World;
    readonly pods: readonly Reached[];
  } {
    const { policies, problems } = readPolicies(asRead(manifests));
    if (problems.length > 0) throw new Error(problems.map(formatProblem).join("\n"));
    const groups = places.map((place) => ({
      name: `${place.namespace}/${place.name}`,
      namespace: place.namespace,
      labels: { place: place.name, ...labels.get(place.name) },
      ports: Object.entries(namedPorts(place)).map(([name, its]) => ({ name, ...its })),
      addresses: [this.#address(place.name)],
    }));
    const world: World = {
      dialect: "cilium",
      namespaces: [...namespaces].map(([name, own]) => ({
        name,
        labels: { ...own, "kubernetes.io/metadata.name": name },
      })),
      pods: groups,
      policies,
      network: networkOf(this.#plane),
    };
    const names = new Set(playing.map(({ namespace, name }) => `${namespace}/${name}`));
    const pods = groups
      .filter(({ name }) => names.has(name))
      .map((pod): Reached => ({ name: pod.name, end: { pod }, address: pod.addresses[0] ?? "" }));
    return { world, pods };
  }

  #address(place: string): string {
    const pod = this.#pods.get(place);
    return pod ? addressOf(pod) : "";
  }
}

function pathOf({ apiVersion, kind, metadata: { namespace = "" } }: Manifest, name?: string): string {
  const plural = kind.toLowerCase().replace(/y$/, "ies");
  const collection = `/apis/${apiVersion}/namespaces/${namespace}/${plural}`;
  return name === undefined ? collection : `${collection}/${name}`;
}

const uidOf = (created: unknown): string =>
  (created as { readonly metadata: { readonly uid: string } }).metadata.uid;

function podOf(place: Place): V1Pod {
  const { name, namespace, node } = place;
  const serve = ["--tcp", "8080", "--tcp", "8081", "--tcp", "9090", "--udp", "5353", "--udp", "5354"];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels: { place: name } },
    spec: {
      terminationGracePeriodSeconds: 1,
      nodeSelector: { "kubernetes.io/hostname": node },
      containers: [
        {
          name: "server",
          image: "peer",
          args: ["serve", ...serve],
          ports: Object.entries(namedPorts(place)).map(([port, its]) => ({
            name: port,
            containerPort: its.port,
            protocol: its.protocol,
          })),
          readinessProbe: { tcpSocket: { port: 9090 } },
        },
      ],
    },
  };
}
