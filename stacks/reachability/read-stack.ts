import { basename, dirname, isAbsolute, join } from "node:path";
import { ownLabels, stackLabel } from "../../model/live.ts";
import { isOnCilium } from "../../model/policies/dialect.ts";
import { policyManifest } from "../../model/policies/manifest.ts";
import { writePolicies } from "../../model/policies/plan-policies.ts";
import { type Workload, workloadsOf } from "../../model/policies/workloads.ts";
import type { Sourced } from "../../model/reachability/inventory/objects.ts";
import { at } from "../../model/tree.ts";
import { readSettingsWithFiles } from "../namespace-files.ts";
import { project, readStackFile, stackFileName } from "../stack-file.ts";
import type { ReadManifests } from "./read-text.ts";

/** The stack that an object belongs to, by its label. */
export const stackOf = (manifest: unknown): unknown => at(manifest, "metadata", "labels", stackLabel);

/**
 * What a stack would create of what decides who reaches whom, and the workloads that it declares.
 * @param stack - its name, or the path of its file
 * @param folder - the one that stack files are in, and paths are relative to
 */
export function readStack(stack: string, folder: string): ReadManifests & { readonly owner: string } {
  const given = stack.endsWith(".yaml") ? stack : stackFileName(stack);
  const file = isAbsolute(given) ? given : join(folder, given);
  const name = /^Pulumi\.(.+)\.yaml$/.exec(basename(file))?.[1] ?? stack;
  const owner = `${project}.${name}`;
  const { config, problems } = readStackFile(file);
  const refused = (found: typeof problems) => ({ found: [], problems: found, owner });
  if (!config) return refused(problems);
  const read = readSettingsWithFiles(config, dirname(file));
  const where = `stack ${name}`;
  if (!read.settings) {
    return refused(
      read.problems.map((problem) => ({ ...problem, path: `${basename(file)}: ${problem.path}` })),
    );
  }
  const { settings } = read;
  const labels = ownLabels(owner);
  const { policies } = writePolicies(settings);
  const namespaces = settings.namespaces.map((namespace) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: namespace.name, labels: {} },
  }));
  const declared = [
    ...namespaces,
    ...[...workloadsOf(settings.namespaces).values()].map(workloadManifest),
    ...(isOnCilium(settings) ? [ciliumConfig] : []),
    dnsStandIn,
  ];
  const found: Sourced[] = [
    ...declared.map((manifest) => ({ where, manifest, isDeclared: true })),
    ...policies.map((policy) => ({ where, manifest: policyManifest(policy, labels) })),
  ];
  return { found, problems: [], owner };
}

/** Every cluster has it, and every stack's policies speak of it; what is read of a cluster knows better. */
export const dnsStandIn = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "coredns", namespace: "kube-system" },
  spec: {
    template: {
      metadata: { labels: { "k8s-app": "kube-dns" } },
      spec: {
        containers: [
          {
            ports: [
              { name: "dns", containerPort: 53, protocol: "UDP" },
              { name: "dns-tcp", containerPort: 53, protocol: "TCP" },
            ],
          },
        ],
      },
    },
  },
};

/** Tells whose reading of policies counts. */
const ciliumConfig = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "cilium-config", namespace: "kube-system" },
};

const workloadManifest = ({ endpoint, ports }: Workload): object => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: endpoint.workload, namespace: endpoint.namespace },
  spec: {
    template: {
      metadata: { labels: endpoint.labels },
      spec: {
        ...(endpoint.serviceAccount !== undefined && { serviceAccountName: endpoint.serviceAccount }),
        containers: [
          { ports: ports.map(({ name, port, protocol }) => ({ name, containerPort: port, protocol })) },
        ],
      },
    },
  },
});
