import { ownLabels } from "../../model/live.ts";
import { resolveFlows } from "../../model/policies/flows.ts";
import { policyManifest } from "../../model/policies/manifest.ts";
import { networkPolicies } from "../../model/policies/policies.ts";
import { policyStages } from "../../model/policies/policy-stages.ts";
import { serviceManifest } from "../../model/services/manifest.ts";
import { plannedServices } from "../../model/services/planned.ts";
import { readSettings } from "../../model/settings.ts";
import type { Values } from "../../model/cilium/merge-values.ts";

/** How policies and Services get into the cluster. */
export type Way = "bundles" | "resources";

/** Five workloads in a row, each with a flow to the next: four within, and one to the next namespace. */
export function namespacesOf(size: number): object[] {
  const name = (i: number): string => `team-${String(i % size).padStart(4, "0")}`;
  const workloads = ["web", "api", "orders", "billing", "db"].map((workload) => ({
    name: workload,
    ports: { main: 8080 },
  }));
  return Array.from({ length: size }, (_, i) => ({
    name: name(i),
    create: true,
    workloads,
    flows: [
      "web -> api:main",
      "api -> orders:main",
      "orders -> billing:main",
      "billing -> db:main",
      `billing -> ${name(i + 1)}/web:main`,
    ],
  }));
}

/** Settings of a stack that does nothing but policies and Services. */
export const settingsOf = (delivery: Way): Values => ({
  cluster: { nodes: 1, apiServer: { host: "10.0.0.10", port: 6443 } },
  cilium: { enabled: false },
  dns: { enabled: false },
  nodeTuning: { enabled: false },
  policies: { delivery },
});

/** The same objects as manifests: the namespaces, then their policies, allows before denies, then their Services. */
export function objectsOf(
  namespaces: readonly object[],
): Readonly<Record<"namespaces" | "policies" | "services", readonly object[]>> {
  const { settings, problems } = readSettings({
    ...settingsOf("resources"),
    cluster: { name: "bench", nodes: 1 },
    namespaces,
  });
  if (!settings) throw new Error(JSON.stringify(problems));
  const labels = ownLabels("cluster-network.dev");
  const { flows } = resolveFlows(settings);
  return {
    namespaces: settings.namespaces.map(({ name }) => ({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels },
    })),
    policies: networkPolicies(settings, flows)
      .toSorted((a, b) => policyStages.indexOf(a.stage) - policyStages.indexOf(b.stage))
      .map((policy) => policyManifest(policy, labels)),
    services: plannedServices(settings, flows).services.map((service) => serviceManifest(service, labels)),
  };
}
