import { deploy } from "./stacks/deploy.ts";

/** Reads the stack's settings and the cluster, deploys, and returns the stack's outputs. */
export default async function main() {
  const { chartVersion, gatewayApi, images, namespaces, policies, sizes, upgrade, warnings } = await deploy();
  const outputs = { chartVersion, gatewayApi, images, namespaces, policies, sizes, upgrade, warnings };
  // The engine warns of an output without a value.
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== undefined));
}
