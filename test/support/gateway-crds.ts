import { crdName } from "../../model/gateway-api/crd.ts";

/** What a test says of a CRD; the rest is as the Gateway API publishes it. */
export interface CrdOver {
  readonly bundle?: string | undefined;
  readonly channel?: "standard" | "experimental";
  /** API versions; one that ends in - is listed, but not served. */
  readonly versions?: readonly string[];
  readonly stored?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly deletionTimestamp?: string;
}

/** A CRD of the Gateway API as the cluster has it. */
export function gatewayCrd(plural: string, over: CrdOver = {}): Record<string, unknown> {
  const { bundle = "1.6.1", channel = "standard", versions = ["v1"], stored = [], ...metadata } = over;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: crdName(plural),
      labels: metadata.labels,
      annotations: {
        ...("bundle" in over && over.bundle === undefined
          ? {}
          : { "gateway.networking.k8s.io/bundle-version": `v${bundle}` }),
        "gateway.networking.k8s.io/channel": channel,
        ...metadata.annotations,
      },
      deletionTimestamp: metadata.deletionTimestamp,
    },
    spec: {
      versions: versions.map((version) => ({
        name: version.replace(/-$/, ""),
        served: !version.endsWith("-"),
      })),
    },
    status: { storedVersions: stored },
  };
}
