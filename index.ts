import { deploy } from "./stacks/deploy.ts";

/** Reads the stack's settings and the cluster, deploys, and returns the stack's outputs. */
export default async function main() {
  const { chartVersion, namespaces, policies, sizes, warnings } = await deploy();
  return { chartVersion, namespaces, policies, sizes, warnings };
}
