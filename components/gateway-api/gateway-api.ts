import { Command } from "@pulumi/command/local/command.js";
import * as pulumi from "@pulumi/pulumi";
import type { GatewayApiPlan } from "../../model/gateway-api/judge.ts";
import type { CiliumSettings } from "../../model/settings.ts";
import { nodeScript, scriptEnvironment, type ScriptTarget } from "../script.ts";
import { contentHash } from "./source.ts";

export interface GatewayApiArgs extends ScriptTarget {
  readonly plan: GatewayApiPlan;
  /** Where the CRDs come from. */
  readonly crds: CiliumSettings["gatewayApi"]["crds"];
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The CRDs of the Gateway API: there before Cilium's operator looks for them, and left when the stack
 * goes. A script applies them, for they are thousands of lines that nobody wants in the state.
 */
export class GatewayApi extends pulumi.ComponentResource {
  constructor(name: string, args: GatewayApiArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-network:gateway:GatewayApi", name, {}, opts);

    const { plan, crds, labels } = args;
    const { bundle, required, experimental, applied } = plan;
    const apply = nodeScript("gateway-api/apply.ts");
    new Command(
      `${name}-crds`,
      {
        create: apply,
        update: apply,
        // Nothing on the way out: with a CRD all objects of its kind go, whoever they belong to.
        environment: {
          ...scriptEnvironment(args),
          GATEWAY_API: JSON.stringify({ bundle, required, experimental, applied }),
          OBJECT_LABELS: JSON.stringify(labels),
          ...sourceEnvironment(crds),
        },
      },
      { parent: this },
    );

    this.registerOutputs({});
  }
}

function sourceEnvironment({ path, url, sha256 }: GatewayApiArgs["crds"]): Record<string, string> {
  // Other files at the same path are to be applied, too.
  if (path !== undefined) return { CRD_PATH: path, CRD_CONTENT: contentHash(path) };
  // Node heeds the machine's HTTPS_PROXY only when it is told to.
  const proxy = { NODE_USE_ENV_PROXY: "1" };
  return { ...proxy, ...(url !== undefined && { CRD_URL: url }), ...(sha256 && { CRD_SHA256: sha256 }) };
}
