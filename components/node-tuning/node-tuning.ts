import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "@pulumi/command/local/command.js";
import type { types } from "@pulumi/kubernetes";
import { DaemonSet } from "@pulumi/kubernetes/apps/v1/daemonSet.js";
import * as pulumi from "@pulumi/pulumi";
import { nodeTuningName } from "../../model/node-tuning.ts";
import type { Sysctl } from "../../model/sysctl.ts";
import { nodeScript, scriptEnvironment, type ScriptTarget } from "../script.ts";

export interface NodeTuningArgs extends ScriptTarget {
  readonly sysctls: readonly Sysctl[];
  /** Image with a POSIX shell. */
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Where the script keeps its records and the values for the next boot, on the node. */
const hostPaths = { records: "/var/lib/cluster-network", "sysctl-d": "/etc/sysctl.d" };
/** The user `nobody`. */
const nobody = 65534;

/**
 * Sysctls on every node. A privileged init container writes them and records what it found; an idle,
 * unprivileged one keeps the pod. Before the DaemonSet goes, it is rolled once more to give the values back.
 */
export class NodeTuning extends pulumi.ComponentResource {
  constructor(name: string, args: NodeTuningArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-network:nodes:NodeTuning", name, {}, opts);

    const daemonSet = this.daemonSet(name, args);
    const giveBack = this.giveBack(name, args, daemonSet);
    this.rolledOut(name, args, giveBack);

    this.registerOutputs({});
  }

  private daemonSet(name: string, { sysctls, image, labels }: NodeTuningArgs): DaemonSet {
    const podLabels = { "app.kubernetes.io/name": nodeTuningName };
    return new DaemonSet(
      name,
      {
        metadata: {
          namespace: "kube-system",
          name: nodeTuningName,
          labels: { ...labels, ...podLabels },
          // The roll before the end changes the arguments; the next deployment takes them back.
          annotations: {
            "pulumi.com/patchForce": "true",
            // Not awaited here: what gives the values back must stand as soon as they can be written.
            "pulumi.com/skipAwait": "true",
          },
        },
        spec: {
          selector: { matchLabels: podLabels },
          updateStrategy: { rollingUpdate: { maxUnavailable: "25%" } },
          template: { metadata: { labels: { ...labels, ...podLabels } }, spec: podSpec(image, sysctls) },
        },
      },
      { parent: this, customTimeouts: { delete: "2m" } },
    );
  }

  private giveBack(name: string, args: NodeTuningArgs, daemonSet: pulumi.Resource): Command {
    return new Command(
      `${name}-give-back`,
      {
        create: nodeScript("node-tuning/roll.ts", "apply"),
        delete: nodeScript("node-tuning/roll.ts", "restore"),
        environment: scriptEnvironment(args),
      },
      { parent: this, dependsOn: daemonSet },
    );
  }

  private rolledOut(name: string, args: NodeTuningArgs, giveBack: pulumi.Resource): void {
    new Command(
      `${name}-rolled-out`,
      {
        create: nodeScript("node-tuning/roll.ts", "wait"),
        environment: {
          ...scriptEnvironment(args),
          // Another value is another roll-out to wait for.
          SYSCTLS: args.sysctls.map(({ key, value }) => `${key}=${value}`).join(" "),
        },
      },
      { parent: this, dependsOn: giveBack },
    );
  }
}

function podSpec(image: string, sysctls: readonly Sysctl[]): types.input.core.v1.PodSpec {
  const script = readFileSync(join(__dirname, "node-tuning.sh"), "utf8");
  const resources = { requests: { cpu: "1m", memory: "8Mi" }, limits: { memory: "32Mi" } };
  return {
    // nf_conntrack_max can only be written in the node's own network namespace.
    hostNetwork: true,
    automountServiceAccountToken: false,
    priorityClassName: "system-node-critical",
    tolerations: [{ operator: "Exists" }],
    terminationGracePeriodSeconds: 5,
    initContainers: [
      {
        name: "sysctl",
        image,
        command: ["/bin/sh", "-c", script, "node-tuning.sh"],
        args: ["apply", ...sysctls.map(({ key, value }) => `${key}=${value}`)],
        securityContext: { privileged: true, readOnlyRootFilesystem: true },
        resources,
        volumeMounts: Object.entries(hostPaths).map(([volume, path]) => ({
          name: volume,
          mountPath: `/host${path}`,
        })),
      },
    ],
    containers: [
      {
        name: "idle",
        image,
        command: ["/bin/sh", "-c", "trap 'exit 0' TERM; while :; do sleep 3600 & wait $!; done"],
        securityContext: {
          runAsNonRoot: true,
          runAsUser: nobody,
          runAsGroup: nobody,
          readOnlyRootFilesystem: true,
          allowPrivilegeEscalation: false,
          capabilities: { drop: ["ALL"] },
          seccompProfile: { type: "RuntimeDefault" },
        },
        resources,
      },
    ],
    volumes: Object.entries(hostPaths).map(([volume, path]) => ({
      name: volume,
      hostPath: { path, type: "DirectoryOrCreate" },
    })),
  };
}
