import { at } from "../../tree.ts";
import type { WorldNetwork } from "../world.ts";
import type { NamedObject } from "./objects.ts";
import { itemsOf } from "./pod-template.ts";

/** Addresses that policies by range or by entity mean, and how Cilium is set up, as far as objects tell. */
export function networkFacts(objects: readonly NamedObject[]): {
  readonly network: WorldNetwork;
  readonly sctp: boolean | undefined;
} {
  const nodes = objects.filter(({ kind, group }) => kind === "Node" && group === "");
  const find = (kind: string, namespace: string, name: string): unknown =>
    objects.find((one) => one.kind === kind && one.namespace === namespace && one.name === name)?.manifest;
  const endpoints = itemsOf(at(find("Endpoints", "default", "kubernetes"), "subsets"));
  const sctp = at(find("ConfigMap", "kube-system", "cilium-config"), "data", "enable-sctp");
  return {
    network: {
      podCidrs: unique(nodes.flatMap(({ manifest }) => podCidrsOf(manifest))),
      nodeAddresses: unique(
        nodes.flatMap(({ manifest }) =>
          itemsOf(at(manifest, "status", "addresses"))
            .filter((one) => at(one, "type") === "InternalIP" || at(one, "type") === "ExternalIP")
            .map((one) => at(one, "address")),
        ),
      ),
      apiServerAddresses: unique(
        endpoints.flatMap((subset) => itemsOf(at(subset, "addresses")).map((one) => at(one, "ip"))),
      ),
    },
    sctp: typeof sctp === "string" ? sctp === "true" : undefined,
  };
}

const podCidrsOf = (node: unknown): unknown[] => {
  const all = itemsOf(at(node, "spec", "podCIDRs"));
  return all.length > 0 ? all : [at(node, "spec", "podCIDR")];
};

const unique = (values: readonly unknown[]): string[] => [
  ...new Set(values.filter((value) => typeof value === "string")),
];
