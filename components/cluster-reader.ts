import { readFileSync } from "node:fs";
import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { Agent, get, type RequestOptions } from "node:https";
import { pipeline } from "node:stream";
import { json } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import type { V1ObjectMeta } from "@kubernetes/client-node";
import { ClusterError, firstLine } from "./cluster-error.ts";
import { asKubeconfig, type KubeContext, kubeContext } from "./kubeconfig.ts";

/** Reads objects of the cluster that the kubeconfig names. */
export interface ClusterReader {
  /** URL of the API server. */
  readonly server: string;
  /** The object at a path of the API; undefined where there is none. */
  get<T>(path: string): Promise<T | undefined>;
  /** Names, labels and annotations of the objects at a path; their contents are not read. */
  list(path: string): Promise<readonly ListedObject[]>;
}

export interface ListedObject {
  readonly metadata?: V1ObjectMeta;
}

const metadataOnly = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/** How long the cluster may take to answer before it counts as unreachable. */
const answerWithinMs = 15_000;

/**
 * Opens the cluster for reading. It is read at every preview, and the client library takes half a
 * second to load: plain credentials do without it, all others (exec plugins, proxies) go through it.
 * @param wanted - a context of the kubeconfig; default: its current one
 * @throws ClusterError when there is no kubeconfig, no such context, and from `get` when there is no answer
 */
export async function openReader(wanted?: string): Promise<ClusterReader> {
  const context = kubeContext(wanted);
  const server = text(context.cluster.server) ?? "";
  const options = plainOptions(context) ?? (await libraryOptions(context));
  const agent = options.agent ?? new Agent({ keepAlive: true });
  // A server behind a proxy has a path of its own, which must stay in front.
  const urlOf = (path: string): URL => new URL(server.replace(/\/+$/, "") + path);
  const ask = async <T>(path: string, accept: string): Promise<T | undefined> => {
    const url = urlOf(path);
    try {
      return await request<T>(url, {
        ...options,
        agent,
        // Long lists come packed: the nodes of a large cluster are tens of megabytes.
        headers: {
          ...(options.headers as OutgoingHttpHeaders | undefined),
          accept,
          "accept-encoding": "gzip",
        },
      });
    } catch (error) {
      throw error instanceof ClusterError ? error : unreachable(server, error);
    }
  };
  return {
    server,
    get: (path) => ask(path, "application/json"),
    list: async (path) => {
      const found = await ask<{ items: ListedObject[] | null }>(path, metadataOnly);
      if (!found) throw refused(urlOf(path), 404);
      // An empty list of metadata is written as null.
      return found.items ?? [];
    },
  };
}

const plainUserKeys = new Set([
  "token",
  "client-certificate",
  "client-certificate-data",
  "client-key",
  "client-key-data",
]);
const plainClusterKeys = new Set([
  "server",
  "certificate-authority",
  "certificate-authority-data",
  "insecure-skip-tls-verify",
]);

/** Request options for credentials that are written down; undefined where more is to be done. */
function plainOptions({ cluster, user }: KubeContext): RequestOptions | undefined {
  const isPlain =
    Object.keys(user).every((key) => plainUserKeys.has(key)) &&
    Object.keys(cluster).every((key) => plainClusterKeys.has(key));
  if (!isPlain || text(cluster.server)?.startsWith("https://") !== true) return undefined;
  const token = text(user.token);
  return {
    ca: dataOrFile(cluster, "certificate-authority"),
    cert: dataOrFile(user, "client-certificate"),
    key: dataOrFile(user, "client-key"),
    rejectUnauthorized: cluster["insecure-skip-tls-verify"] !== true,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  };
}

async function libraryOptions(context: KubeContext): Promise<RequestOptions> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromString(asKubeconfig(context));
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  return options;
}

async function request<T>(url: URL, options: RequestOptions): Promise<T | undefined> {
  const signal = AbortSignal.timeout(answerWithinMs);
  return await new Promise<T | undefined>((resolve, reject) => {
    const sent = get(url, { ...options, signal }, (response) => {
      const { statusCode = 0 } = response;
      if (statusCode === 200) {
        json(unpacked(response, reject)).then((body) => resolve(body as T), reject);
      } else {
        response.resume();
        if (statusCode === 404) resolve(undefined);
        else reject(refused(url, statusCode));
      }
    });
    sent.once("error", reject);
  });
}

function unpacked(response: IncomingMessage, fail: (error: Error) => void): NodeJS.ReadableStream {
  if (response.headers["content-encoding"] !== "gzip") return response;
  return pipeline(response, createGunzip(), (error) => {
    if (error) fail(error);
  });
}

function refused(url: URL, status: number): ClusterError {
  const problem = isDenied(status)
    ? {
        message: `${url.origin} refuses this user (${status} for ${url.pathname})`,
        remedy:
          "use a context whose user may read and write kube-system; `kubectl auth can-i --list` shows its rights",
      }
    : {
        message: `${url.origin} answers ${status} for ${url.pathname}`,
        remedy: "look at the API server's health: `kubectl get --raw /readyz?verbose`",
      };
  return new ClusterError({ path: "KUBECONFIG", ...problem }, status);
}

/** Whether the API server says so of a user without the rights. */
export const isDenied = (status: number | undefined): boolean => status === 401 || status === 403;

function unreachable(server: string, error: unknown): ClusterError {
  return new ClusterError({
    path: "KUBECONFIG",
    message: `The cluster at ${server} does not answer (${firstLine(error)})`,
    remedy:
      "check that it runs and that KUBECONFIG and cluster.context name the right one; nothing was changed",
  });
}

function dataOrFile(part: Readonly<Record<string, unknown>>, key: string): Buffer | undefined {
  const [data, file] = [text(part[`${key}-data`]), text(part[key])];
  if (data !== undefined) return Buffer.from(data, "base64");
  return file === undefined ? undefined : readFileSync(file);
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
