import { deploy } from "./stacks/deploy.ts";

/** Reads the stack's settings and the cluster, deploys, and returns the stack's outputs. */
export default async function main() {
  const deployed = await deploy();
  const { chartVersion, gatewayApi, hubbleCertificates, images } = deployed;
  const { namespaces, observed, policies, proof, services, sizes, upgrade, warnings } = deployed;
  const datapath = { chartVersion, gatewayApi, hubbleCertificates, images };
  const network = { namespaces, observed, policies, proof, services };
  const outputs = { ...datapath, ...network, sizes, upgrade, warnings };
  // The engine warns of an output without a value.
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== undefined));
}
