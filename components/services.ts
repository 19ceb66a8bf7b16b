import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import * as pulumi from "@pulumi/pulumi";
import { serviceManifest } from "../model/services/manifest.ts";
import type { PlannedService } from "../model/services/planned.ts";
import { plainObject } from "./plain-object.ts";

export interface ServicesArgs {
  readonly services: readonly PlannedService[];
  /** Namespaces that the stack creates, by name: a Service waits for its own. */
  readonly namespaces: ReadonlyMap<string, pulumi.Resource>;
  /** Labels of everything created. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Names by which workloads find those that their flows end at. */
export class Services extends pulumi.ComponentResource {
  constructor(name: string, args: ServicesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-network:services:Services", name, {}, opts);

    for (const service of args.services) this.service(service, args);

    this.registerOutputs({});
  }

  private service(service: PlannedService, { labels, namespaces }: ServicesArgs): Service {
    const { namespace, name } = service;
    const { metadata, spec } = serviceManifest(service, labels);
    const within = namespaces.get(namespace);
    return new Service(
      `${namespace}/${name}`,
      {
        // Not awaited: the engine would wait for pods behind it, which others deploy, perhaps later.
        metadata: { ...metadata, annotations: { ...plainObject, ...metadata.annotations } },
        spec: { ...spec, ports: spec.ports.map((port) => ({ ...port })) },
      },
      { parent: this, dependsOn: within ? [within] : [] },
    );
  }
}
