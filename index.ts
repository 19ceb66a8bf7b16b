import { deploy } from "./stacks/deploy.ts";

/** Reads the stack's settings and the cluster, deploys, and returns the stack's outputs. */
export default async function main() {
  const { chartVersion, gatewayApi, namespaces, policies, sizes, upgrade, warnings } = await deploy();
  // The engine warns of an output without a value.
  return {
    chartVersion,
    ...(gatewayApi && { gatewayApi }),
    namespaces,
    policies,
    sizes,
    ...(upgrade && { upgrade }),
    warnings,
  };
}
