import type { ReleaseArgs } from "@pulumi/kubernetes/helm/v3/release.js";
import { Command } from "@pulumi/command/local/command.js";
import type * as pulumi from "@pulumi/pulumi";
import type { DatapathName } from "../model/agents.ts";
import type { CiliumSettings } from "../model/settings.ts";
import { nodeScript, scriptEnvironment, type ScriptTarget } from "./script.ts";

/** Where Helm finds a chart. */
export function chartSource(
  { version, chart }: Pick<CiliumSettings, "version" | "chart">,
  name: string,
  repository: string,
): Pick<ReleaseArgs, "chart" | "version" | "repositoryOpts"> {
  if (chart.path !== undefined) return { chart: chart.path };
  if (chart.oci !== undefined) return { chart: chart.oci, version };
  return { chart: name, version, repositoryOpts: { repo: chart.repository ?? repository } };
}

/** Waits for a datapath's agent on every node, after its release and after every further one. */
export function agentsReady(
  name: string,
  args: ScriptTarget & {
    readonly datapath: DatapathName;
    readonly timeoutSeconds: number;
    readonly revision: pulumi.Output<number>;
  },
  opts: pulumi.CustomResourceOptions,
): Command {
  const ready = nodeScript("agents-ready.ts");
  return new Command(
    name,
    {
      create: ready,
      update: ready,
      environment: {
        ...scriptEnvironment(args),
        DATAPATH: args.datapath,
        TIMEOUT_SECONDS: String(args.timeoutSeconds),
        // Another revision is another roll-out to wait for.
        REVISION: args.revision.apply(String),
      },
    },
    opts,
  );
}
