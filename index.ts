import { deploy } from "./stacks/deploy.ts";

/** Reads the stack's settings and the cluster, deploys, and returns the stack's outputs. */
export default async function main() {
  const deployed = await deploy();
  const { chartVersion, gatewayApi, hubbleCertificates, images } = deployed;
  const { namespaces, observed, policies, services, sizes, upgrade, warnings } = deployed;
  const datapath = { chartVersion, gatewayApi, hubbleCertificates, images };
  const outputs = { ...datapath, namespaces, observed, policies, services, sizes, upgrade, warnings };
  // The engine warns of an output without a value.
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== undefined));
}
