import type { Problem } from "../../problem.ts";
import type { AgentOptions } from "./options.ts";

/**
 * Number and name of the cluster in a mesh, as far as the agent refuses them at its start.
 * @see pkg/clustermesh/types/option.go, `Validate`
 */
export function clusterIdProblems(options: AgentOptions): Problem[] {
  const text = options.text("cluster-id") ?? "";
  const id = options.number("cluster-id") ?? NaN;
  const max = options.number("max-connected-clusters") === 511 ? 511 : 255;
  if (!Number.isInteger(id) || id < 0 || id > max)
    return [
      {
        path: options.path("cluster-id"),
        message: `${text} is no cluster id`,
        remedy: `use 1 to ${max}, or 0 outside of a mesh`,
      },
    ];
  if (id === 0 || options.text("cluster-name") !== "default") return [];
  return [
    {
      path: options.path("cluster-name"),
      message: `Cluster ${id} of a mesh has no name of its own`,
      remedy: "set it, such as to cluster.name",
    },
  ];
}
