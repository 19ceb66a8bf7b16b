import { becauseAnnotation } from "../live.ts";
import type { Labels } from "../policies/flow.ts";
import type { Manifest } from "../policies/manifest.ts";
import type { PlannedService } from "./planned.ts";

/** All that makes a Service. */
export type ServiceContent = Omit<PlannedService, "observed" | "path">;

export interface ServiceSpec {
  readonly type: "ClusterIP";
  readonly clusterIP?: "None";
  readonly publishNotReadyAddresses?: true;
  readonly selector: Labels;
  readonly ports: PlannedService["ports"];
}

/**
 * A Service as the API takes it.
 * @param labels - of every object that the stack creates
 */
export function serviceManifest(service: ServiceContent, labels: Labels): Manifest<"Service", ServiceSpec> {
  const { namespace, name, headless, publishNotReadyAddresses, selector, ports, because } = service;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, labels, annotations: { [becauseAnnotation]: because } },
    spec: {
      type: "ClusterIP",
      ...(headless && { clusterIP: "None" }),
      ...(publishNotReadyAddresses && { publishNotReadyAddresses }),
      selector,
      ports,
    },
  };
}
