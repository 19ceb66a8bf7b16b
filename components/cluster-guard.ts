import { Command } from "@pulumi/command/local/command.js";
import * as pulumi from "@pulumi/pulumi";
import { nodeScript, scriptEnvironment, type ScriptTarget } from "./script.ts";

/**
 * Holds a stack to its cluster. The kubeconfig is not part of the state, so the same stack could be
 * pointed at another cluster, where objects of the same names are somebody else's. One guard stands
 * before all resources and refuses an update there; the other stands after them, goes first on the way
 * out, and refuses to destroy there.
 */
export class ClusterGuard extends pulumi.ComponentResource {
  /** What everything else depends on. */
  readonly before: pulumi.Resource;
  readonly #target: ScriptTarget;
  readonly #name: string;

  constructor(name: string, target: ScriptTarget, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-network:guard:ClusterGuard", name, {}, opts);

    this.#target = target;
    this.#name = name;
    this.before = this.check("before", []);

    this.registerOutputs({});
  }

  /** Closes the guard: to be called once, with all that it protects. */
  close(resources: readonly pulumi.Resource[]): void {
    this.check("after", resources);
  }

  private check(when: string, dependsOn: readonly pulumi.Resource[]): Command {
    const check = nodeScript("check-cluster.ts");
    return new Command(
      `${this.#name}-${when}`,
      { create: check, update: check, delete: check, environment: scriptEnvironment(this.#target) },
      { parent: this, dependsOn: [...dependsOn] },
    );
  }
}
