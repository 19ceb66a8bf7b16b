import { setTimeout as sleep } from "node:timers/promises";
import { stackLabel } from "../../model/live.ts";
import { bundleLabel, type PolicyBundle } from "../../model/policies/bundle.ts";
import type { Labels } from "../../model/policies/flow.ts";
import type { LivePolicy } from "../../model/policies/live-policy.ts";
import type { Manifest } from "../../model/policies/manifest.ts";
import { overLive } from "../../model/services/same-service.ts";
import type { ClusterConnection } from "../cluster-connection.ts";
import { ClusterError } from "../cluster-error.ts";
import { type BundledKind, collections, listObjects } from "./list-objects.ts";

/** How often a busy API server is asked again, and how long that takes at first. */
const attempts = 6;
const firstPauseMs = 250;
/** How long the API server may take to know a kind: Cilium's operator registers its own. */
const servedWithinMs = 60_000;
const manager = "fieldManager=cluster-network";

/** The requests that a bundle needs. Each says on which version of an object it builds, so that it races with nobody. */
export class BundleApi {
  readonly #connection: Pick<ClusterConnection, "ask">;

  constructor(connection: Pick<ClusterConnection, "ask">) {
    this.#connection = connection;
  }

  async ofBundle(
    { name, labels }: Pick<PolicyBundle, "name" | "labels">,
    kinds: readonly BundledKind[],
  ): Promise<LivePolicy[]> {
    const selector = `${stackLabel}=${labels[stackLabel] ?? ""},${bundleLabel}=${name}`;
    return (await listObjects((path) => this.#ask(path), kinds, selector)).items;
  }

  /** @returns whether it was created; false where it is there already, or its namespace is not */
  async create(manifest: Manifest<string>): Promise<boolean> {
    const path = `${collectionOf(manifest)}?${manager}`;
    try {
      return (await this.#ask(path, { method: "POST", body: manifest })) !== undefined;
    } catch (error) {
      if (hasStatus(error, 409)) return false;
      throw error;
    }
  }

  async read({ kind, metadata }: Pick<LivePolicy, "kind" | "metadata">): Promise<LivePolicy | undefined> {
    const found = await this.#ask<LivePolicy>(pathOf({ kind, metadata }));
    return found && { ...found, kind };
  }

  /** @returns whether it was written; false where it is another one by now, or gone */
  async replace({ metadata, spec }: LivePolicy, manifest: Manifest<string>): Promise<boolean> {
    const body = {
      ...manifest,
      metadata: {
        ...manifest.metadata,
        uid: metadata.uid,
        resourceVersion: metadata.resourceVersion,
        // What others have noted there is not ours to take away.
        labels: { ...metadata.labels, ...manifest.metadata.labels },
        annotations: { ...metadata.annotations, ...manifest.metadata.annotations },
      },
      // The API gave a Service its addresses.
      ...(manifest.kind === "Service" && { spec: overLive(spec, manifest.spec) }),
    };
    try {
      return (await this.#ask(`${pathOf(manifest)}?${manager}`, { method: "PUT", body })) !== undefined;
    } catch (error) {
      if (hasStatus(error, 409)) return false;
      throw error;
    }
  }

  async annotate(object: Pick<LivePolicy, "kind" | "metadata">, annotations: Labels): Promise<void> {
    await this.#merge(pathOf(object), { metadata: { annotations } });
  }

  /** Deletes the very object that was found; one that took its place, or is gone, is left. */
  async remove(object: LivePolicy): Promise<void> {
    const { uid, resourceVersion } = object.metadata;
    const body = { kind: "DeleteOptions", apiVersion: "v1", preconditions: { uid, resourceVersion } };
    try {
      await this.#ask(pathOf(object), { method: "DELETE", body });
    } catch (error) {
      if (!hasStatus(error, 409)) throw error;
      const now = await this.read(object);
      if (now && now.metadata.uid === uid) await this.remove({ ...object, metadata: now.metadata });
    }
  }

  async namespaceLabels(name: string): Promise<Labels | undefined> {
    const found = await this.#ask<{ metadata: { labels?: Labels } }>(`/api/v1/namespaces/${name}`);
    return found && (found.metadata.labels ?? {});
  }

  /** @returns whether it was created; false where it is there already */
  async createNamespace(name: string, labels: Labels): Promise<boolean> {
    const body = { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
    try {
      await this.#ask(`/api/v1/namespaces?${manager}`, { method: "POST", body });
      return true;
    } catch (error) {
      if (hasStatus(error, 409)) return false;
      throw error;
    }
  }

  async labelNamespace(name: string, labels: Labels): Promise<void> {
    await this.#merge(`/api/v1/namespaces/${name}`, { metadata: { labels } });
  }

  async waitUntilServed(kinds: ReadonlySet<string>): Promise<void> {
    const deadline = Date.now() + servedWithinMs;
    for (const kind of kinds) {
      const { api, plural } = collections[kind as BundledKind];
      while (true) {
        const list = await this.#ask<{ resources?: readonly { name: string }[] }>(api);
        if (list?.resources?.some(({ name }) => name === plural)) break;
        if (Date.now() > deadline) throw notServed(kind);
        await sleep(200);
      }
    }
  }

  async #merge(path: string, body: object): Promise<void> {
    const contentType = "application/merge-patch+json";
    await this.#ask(`${path}?${manager}`, { method: "PATCH", body, contentType });
  }

  /** Again where the API server has too much to do, or is about to be replaced by its next version. */
  async #ask<T>(path: string, question?: Parameters<ClusterConnection["ask"]>[1]): Promise<T | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#connection.ask<T>(path, question);
      } catch (error) {
        if (attempt === attempts || ![429, 500, 502, 503, 504].some((status) => hasStatus(error, status))) {
          throw error;
        }
        await sleep(firstPauseMs * 2 ** (attempt - 1));
      }
    }
  }
}

const collectionOf = ({ kind, metadata }: Pick<LivePolicy, "kind" | "metadata">): string => {
  const { api, plural } = collections[kind as BundledKind];
  return `${api}/namespaces/${metadata.namespace ?? ""}/${plural}`;
};
const pathOf = (object: Pick<LivePolicy, "kind" | "metadata">): string =>
  `${collectionOf(object)}/${object.metadata.name}`;

const hasStatus = (error: unknown, status: number): boolean =>
  error instanceof ClusterError && error.status === status;

const notServed = (kind: string): ClusterError =>
  new ClusterError({
    path: "policies",
    message: `The API server does not serve ${kind} after ${servedWithinMs / 1000} s`,
    remedy:
      "look at Cilium's operator, which registers its kinds: kubectl -n kube-system logs deploy/cilium-operator",
  });
