import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { AppsV1Api, CoreV1Api, KubeConfig, NetworkingV1Api } from "@kubernetes/client-node";
import { formatProblem, type Problem } from "../model/problem.ts";

/** Access to the cluster that the kubeconfig names. */
export interface ClusterClient {
  /** URL of the API server. */
  readonly server: string;
  readonly core: CoreV1Api;
  readonly apps: AppsV1Api;
  readonly networking: NetworkingV1Api;
}

/** The cluster cannot be used; carries what to tell the user. */
export class ClusterError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/**
 * Opens the cluster of `$KUBECONFIG`, else of `~/.kube/config`, as kubectl does.
 * @param context - a context of that file; default: its current one
 * @throws ClusterError when there is no such file or context
 */
export function openCluster(context?: string): ClusterClient {
  const config = new KubeConfig();
  const files = (process.env.KUBECONFIG ?? join(homedir(), ".kube", "config"))
    .split(delimiter)
    .filter(Boolean);
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length === files.length) {
    throw new ClusterError({
      path: "KUBECONFIG",
      message: `No kubeconfig at ${files.join(", ") || "an empty KUBECONFIG"}`,
      remedy: "set KUBECONFIG to the cluster's kubeconfig",
    });
  }
  try {
    config.loadFromDefault();
  } catch (error) {
    throw new ClusterError({
      path: "KUBECONFIG",
      message: `${files.join(", ")} cannot be read (${firstLine(error)})`,
      remedy: "correct the file; `kubectl config view` shows how it is understood",
    });
  }
  const names = config.contexts.map(({ name }) => name);
  // Typed as a text, but absent where the file has none.
  const wanted = context ?? (config.currentContext as string | undefined) ?? "";
  if (!names.includes(wanted)) {
    throw new ClusterError({
      path: context === undefined ? "KUBECONFIG" : "cluster.context",
      message:
        wanted === "" ? "The kubeconfig has no current context" : `The kubeconfig has no context ${wanted}`,
      remedy: `set cluster.context to one of ${names.join(", ") || "its contexts (it has none)"}`,
    });
  }
  config.setCurrentContext(wanted);
  return {
    server: config.getCurrentCluster()?.server ?? "",
    core: config.makeApiClient(CoreV1Api),
    apps: config.makeApiClient(AppsV1Api),
    networking: config.makeApiClient(NetworkingV1Api),
  };
}

/** HTTP status of a failed request, when it got as far as an answer. */
export function statusOf(error: unknown): number | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "number" ? code : undefined;
}

/** Turns a 404 into undefined; anything else goes on as it is. */
export async function ifFound<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** The first line of an error, with its deepest cause: fetch hides it there. */
export function firstLine(error: unknown): string {
  let deepest = error;
  while (deepest instanceof Error && deepest.cause instanceof Error) deepest = deepest.cause;
  const text = deepest instanceof Error ? deepest.message : String(deepest);
  return text.split("\n", 1)[0] ?? "";
}

/**
 * Refuses to work on another cluster than the one that the stack was deployed to.
 * @param uid - UID of kube-system, recorded at the deployment
 */
export async function expectCluster({ core, server }: ClusterClient, uid: string | undefined): Promise<void> {
  const system = await core.readNamespace({ name: "kube-system" });
  if (system.metadata?.uid === uid) return;
  throw new ClusterError({
    path: "KUBECONFIG",
    message: `${server} is not the cluster that this stack was deployed to`,
    remedy: "point KUBECONFIG or cluster.context at the stack's own cluster",
  });
}

/** Runs the body of a script that the engine starts; an error becomes its last line and exit code 1. */
export function runScript(body: () => Promise<void>): void {
  body().catch((error: unknown) => {
    console.error(error instanceof ClusterError ? formatProblem(error.problem) : firstLine(error));
    process.exitCode = 1;
  });
}
