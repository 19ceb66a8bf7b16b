import { stackLabel } from "../../model/live.ts";
import {
  bundledManifest,
  type PolicyBundle,
  revisionAnnotation,
  stageLabel,
} from "../../model/policies/bundle.ts";
import { grouped } from "../../model/policies/bundle-changes.ts";
import { isAsWanted, type LivePolicy, policyId } from "../../model/policies/live-policy.ts";
import type { Manifest } from "../../model/policies/manifest.ts";
import { policyStages } from "../../model/policies/policy-stages.ts";
import { bundledService, type ServiceBundle } from "../../model/services/bundle.ts";
import { isOtherForm } from "../../model/services/same-service.ts";
import { ClusterError } from "../cluster-error.ts";
import { inParallel } from "./in-parallel.ts";
import type { BundleApi } from "./bundle-api.ts";
import { type BundledKind, policyKinds, serviceKinds } from "./list-objects.ts";

type Bundle = PolicyBundle | ServiceBundle;

/** What was done, in numbers of objects, and what could not be done. */
export interface Outcome {
  readonly created: number;
  readonly changed: number;
  readonly deleted: number;
  /** What went wrong, by namespace. */
  readonly failures: ReadonlyMap<string, string>;
}

/** Writers beside us on one object; then somebody is at work who does not stop. */
const attempts = 5;

/**
 * Makes the cluster's policies, or Services, those of a bundle. Each stage is complete before the next
 * begins, and where something of a namespace cannot be done, nothing further is: it is never denied without
 * its allows, wherever this ends. What is as it should be is left alone, so that a next run goes on where
 * this one ended.
 * @param revision - the plan's, for what is written
 */
export async function applyBundle(api: BundleApi, bundle: Bundle, revision: string): Promise<Outcome> {
  const run = new Run(api, bundle, revision);
  return await run.apply();
}

/** Removes all that a bundle has put into the cluster, but for its namespaces. */
export async function removeBundle(api: BundleApi, bundle: Bundle): Promise<number> {
  return await removeInOrder(api, await api.ofBundle(bundle, contentOf(bundle).kinds));
}

async function removeInOrder(api: BundleApi, objects: readonly LivePolicy[]): Promise<number> {
  const stageOf = ({ metadata }: LivePolicy): string =>
    policyStages.find((stage) => stage === metadata.labels?.[stageLabel]) ?? "";
  const byStage = grouped(objects, stageOf);
  // A Service has no stage.
  for (const stage of [...[...policyStages].reverse(), ""]) {
    await inParallel(byStage.get(stage) ?? [], (object) => api.remove(object));
  }
  return objects.length;
}

/** What a bundle puts into the cluster: one stage after the other. */
interface Content {
  readonly kinds: readonly BundledKind[];
  readonly createNamespaces: readonly string[];
  readonly stages: readonly (readonly Manifest<string>[])[];
}

function contentOf(bundle: Bundle): Content {
  if ("services" in bundle) {
    const services = bundle.services.map((service) => bundledService(bundle, service));
    return { kinds: serviceKinds, createNamespaces: [], stages: [services] };
  }
  const { createNamespaces, policies } = bundle;
  const stages = policyStages.map((stage) =>
    policies.filter((policy) => policy.stage === stage).map((policy) => bundledManifest(bundle, policy)),
  );
  return { kinds: policyKinds, createNamespaces, stages };
}

class Run {
  readonly #api: BundleApi;
  readonly #bundle: Bundle;
  readonly #revision: string;
  readonly #failures = new Map<string, string>();
  #created = 0;
  #changed = 0;

  constructor(api: BundleApi, bundle: Bundle, revision: string) {
    this.#api = api;
    this.#bundle = bundle;
    this.#revision = revision;
  }

  async apply(): Promise<Outcome> {
    const { kinds, createNamespaces, stages } = contentOf(this.#bundle);
    const wanted = stages.flat();
    await this.#api.waitUntilServed(new Set(wanted.map(({ kind }) => kind)));
    const found = await this.#api.ofBundle(this.#bundle, kinds);
    const live = new Map(found.map((object) => [policyId(object), object]));
    await inParallel(createNamespaces, (name) => this.#try(name, () => this.#namespace(name)));
    for (const stage of stages) {
      await inParallel(stage, (manifest) =>
        this.#try(manifest.metadata.namespace ?? "", () =>
          this.#write(manifest, live.get(policyId(manifest))),
        ),
      );
    }
    const deleted = await this.#prune(live, new Set(wanted.map(policyId)));
    await this.#leaveRevision(wanted, live);
    return { created: this.#created, changed: this.#changed, deleted, failures: this.#failures };
  }

  /** Does one thing in a namespace in which nothing has failed yet. */
  async #try(namespace: string, work: () => Promise<void>): Promise<void> {
    if (this.#failures.has(namespace)) return;
    try {
      await work();
    } catch (error) {
      // Without an answer there is no going on elsewhere either.
      if (!(error instanceof ClusterError) || error.status === undefined) throw error;
      const { path, message } = error.problem;
      this.#failures.set(namespace, `${path}: ${message}`);
    }
  }

  async #namespace(name: string): Promise<void> {
    const { labels } = this.#bundle;
    const found = await this.#api.namespaceLabels(name);
    if (found === undefined && (await this.#api.createNamespace(name, labels))) return;
    const there = found ?? (await this.#api.namespaceLabels(name)) ?? {};
    if (there[stackLabel] !== labels[stackLabel]) throw notOurs(`Namespace ${name}`);
    if (Object.entries(labels).some(([key, value]) => there[key] !== value)) {
      await this.#api.labelNamespace(name, labels);
    }
  }

  async #write(manifest: Manifest<string>, before: LivePolicy | undefined): Promise<void> {
    let found = before;
    for (let attempt = 0; attempt < attempts; attempt++) {
      if (!found) {
        if (await this.#api.create(this.#withRevision(manifest))) {
          this.#created++;
          return;
        }
        found = await this.#api.read(manifest);
        if (!found) throw noNamespace(manifest);
      }
      if (found.metadata.labels?.[stackLabel] !== this.#bundle.labels[stackLabel]) {
        throw notOurs(policyId(manifest));
      }
      if (isAsWanted(found, manifest)) return;
      if (manifest.kind === "Service" && isOtherForm(found.spec, manifest.spec)) {
        await this.#api.remove(found);
        found = undefined;
        continue;
      }
      if (await this.#api.replace(found, this.#withRevision(manifest))) {
        this.#changed++;
        return;
      }
      found = await this.#api.read(manifest);
    }
    throw contended(manifest);
  }

  /** Deletes what is of this bundle and not wanted any more, but nothing where an allow is missing. */
  async #prune(live: ReadonlyMap<string, LivePolicy>, wanted: ReadonlySet<string>): Promise<number> {
    const surplus = [...live]
      .filter(([id, { metadata }]) => !wanted.has(id) && !this.#failures.has(metadata.namespace ?? ""))
      .map(([, object]) => object);
    return await removeInOrder(this.#api, surplus);
  }

  /** The next plan looks for this revision: where nothing was written, something has to carry it. */
  async #leaveRevision(
    wanted: readonly Manifest<string>[],
    live: ReadonlyMap<string, LivePolicy>,
  ): Promise<void> {
    const [first] = wanted;
    const isThere = [...live.values()].some(
      ({ metadata }) => metadata.annotations?.[revisionAnnotation] === this.#revision,
    );
    if (!first || isThere || this.#created + this.#changed > 0 || this.#failures.size > 0) return;
    await this.#api.annotate(first, { [revisionAnnotation]: this.#revision });
  }

  #withRevision(manifest: Manifest<string>): Manifest<string> {
    const { metadata } = manifest;
    const annotations = { ...metadata.annotations, [revisionAnnotation]: this.#revision };
    return { ...manifest, metadata: { ...metadata, annotations } };
  }
}

const notOurs = (path: string): ClusterError =>
  new ClusterError(
    { path, message: "Exists already and is not of this stack", remedy: "rename or delete it" },
    409,
  );

const noNamespace = (manifest: Manifest<string>): ClusterError =>
  new ClusterError(
    {
      path: policyId(manifest),
      message: `Namespace ${manifest.metadata.namespace ?? ""} does not exist any more`,
      remedy: "create it",
    },
    404,
  );

const contended = (manifest: Manifest<string>): ClusterError =>
  new ClusterError(
    {
      path: policyId(manifest),
      message: "Somebody else writes it all the time",
      remedy: "find out who does",
    },
    409,
  );
