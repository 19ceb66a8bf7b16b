import { join, relative } from "node:path";

/** The cluster that a script must find again, and nobody else's. */
export interface ScriptTarget {
  /** UID of kube-system. */
  readonly clusterUid: string;
  /** Context of the kubeconfig; default: its current one. */
  readonly context?: string | undefined;
}

/**
 * Shell command that runs a script which lies beside the components. The path is relative to the
 * program's folder, because it is kept in the state and must mean the same on the next machine.
 * @param path - file below `components/`, such as `core-dns/keeper.ts`
 */
export function nodeScript(path: string, ...args: string[]): string {
  const file = relative(process.cwd(), join(__dirname, path)).split("\\").join("/");
  return ["node", "--require", "tsx/cjs", file.startsWith(".") ? file : `./${file}`, ...args].join(" ");
}

/** Environment that tells a script its cluster. */
export function scriptEnvironment({ clusterUid, context }: ScriptTarget): Record<string, string> {
  return { CLUSTER_UID: clusterUid, ...(context !== undefined && { CLUSTER_CONTEXT: context }) };
}
