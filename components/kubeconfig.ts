import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { ClusterError } from "./cluster-error.ts";

/** A context of the kubeconfig with what it points at; keys are the file's own. */
export interface KubeContext {
  readonly name: string;
  readonly cluster: Readonly<Record<string, unknown>>;
  readonly user: Readonly<Record<string, unknown>>;
}

interface Named {
  readonly name: string;
  readonly [kind: string]: unknown;
}
interface KubeconfigFile {
  readonly "current-context"?: string;
  readonly contexts?: readonly Named[];
  readonly clusters?: readonly Named[];
  readonly users?: readonly Named[];
}

/**
 * The context to use, from the files of `$KUBECONFIG`, else from `~/.kube/config`; as kubectl does, the
 * first file that names a thing wins.
 * @param wanted - a context's name; default: the current one
 * @throws ClusterError when there is no file, no such context, or a file that cannot be read
 */
export function kubeContext(wanted?: string): KubeContext {
  const files = kubeconfigFiles().map(readFile);
  const all = (kind: "contexts" | "clusters" | "users"): Named[] => files.flatMap((file) => file[kind] ?? []);
  const names = [...new Set(all("contexts").map(({ name }) => name))];
  const name = wanted ?? files.map((file) => file["current-context"]).find(Boolean) ?? "";
  const context = all("contexts").find((one) => one.name === name)?.context as
    { readonly cluster: string; readonly user: string } | undefined;
  if (!context) {
    throw new ClusterError({
      path: wanted === undefined ? "KUBECONFIG" : "cluster.context",
      message:
        name === "" ? "The kubeconfig has no current context" : `The kubeconfig has no context ${name}`,
      remedy: `set cluster.context to one of ${names.join(", ") || "its contexts (it has none)"}`,
    });
  }
  const part = (kind: "clusters" | "users", key: string, called: string) =>
    (all(kind).find((one) => one.name === called)?.[key] ?? {}) as Record<string, unknown>;
  return {
    name,
    cluster: part("clusters", "cluster", context.cluster),
    user: part("users", "user", context.user),
  };
}

/** A kubeconfig with that context alone, for the client library: it must not read the files in its own way. */
export function asKubeconfig({ name, cluster, user }: KubeContext): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [{ name, cluster }],
    users: [{ name, user }],
  });
}

function kubeconfigFiles(): string[] {
  const listed = process.env.KUBECONFIG ?? join(homedir(), ".kube", "config");
  const files = listed.split(delimiter).filter(Boolean);
  const found = files.filter((file) => existsSync(file));
  if (found.length > 0) return found;
  throw new ClusterError({
    path: "KUBECONFIG",
    message: `No kubeconfig at ${files.join(", ") || "an empty KUBECONFIG"}`,
    remedy: "set KUBECONFIG to the cluster's kubeconfig",
  });
}

function readFile(file: string): KubeconfigFile {
  try {
    const content = (parse(readFileSync(file, "utf8")) ?? {}) as KubeconfigFile;
    const folder = dirname(file);
    return {
      ...content,
      clusters: content.clusters?.map((one) => withAbsolutePaths(one, "cluster", folder)),
      users: content.users?.map((one) => withAbsolutePaths(one, "user", folder)),
    };
  } catch (error) {
    throw new ClusterError({
      path: "KUBECONFIG",
      message: `${file} cannot be read (${String((error as Error).message.split("\n", 1)[0])})`,
      remedy: "correct the file; `kubectl config view` shows how it is understood",
    });
  }
}

/** Paths in a kubeconfig are relative to its own folder. */
function withAbsolutePaths(one: Named, key: string, folder: string): Named {
  const content = { ...(one[key] as Record<string, unknown> | undefined) };
  for (const path of ["certificate-authority", "client-certificate", "client-key", "tokenFile"]) {
    const value = content[path];
    if (typeof value === "string") content[path] = resolve(folder, value);
  }
  return { ...one, [key]: content };
}
