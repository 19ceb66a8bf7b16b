import { readFileSync } from "node:fs";
import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { Agent, request, type RequestOptions } from "node:https";
import { pipeline } from "node:stream";
import { json as parsed } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { createGunzip } from "node:zlib";
import { ClusterError, firstLine } from "./cluster-error.ts";
import { asKubeconfig, type KubeContext, kubeContext } from "./kubeconfig.ts";

/** A way to the API server that the kubeconfig names. */
export interface ClusterConnection {
  /** URL of the API server. */
  readonly server: string;
  /**
   * What the API server answers; undefined where there is nothing at the path.
   * @throws ClusterError for any other answer than success, and when there is none
   */
  readonly ask: <T>(path: string, question?: Question) => Promise<T | undefined>;
  /** The same, but nothing at the path is an error, too. */
  readonly demand: <T>(path: string, question?: Question) => Promise<T>;
}

/** A request; by default one that reads. */
interface Question {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly accept?: string;
  readonly body?: unknown;
  /** What the body is. Default: the object itself. */
  readonly contentType?: string;
}

const json = "application/json";

/** How long the cluster may take to answer before it counts as unreachable. */
const answerWithinMs = 15_000;
/** How long to leave alone an API server that is busy. */
const busyForMs = 500;

/**
 * Opens the cluster. Each script of a deployment does so, and the client library takes half a second to
 * load: plain credentials do without it, all others (exec plugins, proxies) go through it.
 * @param wanted - a context of the kubeconfig; default: its current one
 * @throws ClusterError when there is no kubeconfig or no such context
 */
export async function connect(wanted?: string): Promise<ClusterConnection> {
  const context = kubeContext(wanted);
  const server = text(context.cluster.server) ?? "";
  const options = plainOptions(context) ?? (await libraryOptions(context));
  const agent = options.agent ?? new Agent({ keepAlive: true });
  // A server behind a proxy has a path of its own, which must stay in front.
  const urlOf = (path: string): URL => new URL(server.replace(/\/+$/, "") + path);
  const ask: ClusterConnection["ask"] = async <T>(
    path: string,
    { method = "GET", accept = json, body, contentType = json }: Question = {},
  ) => {
    const headers = {
      ...(options.headers as OutgoingHttpHeaders | undefined),
      accept,
      // Long lists come packed: the nodes of a large cluster are tens of megabytes.
      "accept-encoding": "gzip",
      ...(body !== undefined && { "content-type": contentType }),
    };
    try {
      return await patiently(() => send<T>(urlOf(path), { ...options, agent, method, headers }, body));
    } catch (error) {
      throw error instanceof ClusterError ? error : unreachable(server, error);
    }
  };
  return {
    server,
    ask,
    demand: async <T>(path: string, question?: Question) => {
      const found = await ask<T>(path, question);
      if (found === undefined) throw refused(urlOf(path), 404);
      return found;
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
  // By import(), which Node answers itself: a loader that compiles TypeScript would go through the
  // library's thousand modules first, for seconds.
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromString(asKubeconfig(context));
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  return options;
}

/**
 * Asks again where the API server has too much to do, or only learns to serve a kind whose definition has just
 * come; both it answers with 429, and does nothing.
 */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const since = Date.now();
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const isBusy = error instanceof ClusterError && error.status === 429;
      if (!isBusy || Date.now() - since > answerWithinMs) throw error;
      await sleep(busyForMs);
    }
  }
}

async function send<T>(url: URL, options: RequestOptions, body: unknown): Promise<T | undefined> {
  const signal = AbortSignal.timeout(answerWithinMs);
  return await new Promise<T | undefined>((resolve, reject) => {
    const sent = request(url, { ...options, signal }, (response) => {
      const { statusCode = 0 } = response;
      const answer = parsed(unpacked(response, reject));
      if (statusCode >= 200 && statusCode < 300) answer.then((found) => resolve(found as T), reject);
      else if (statusCode === 404) {
        answer.catch(() => undefined);
        resolve(undefined);
      } else {
        const said = answer.then((status) => text((status as { message?: unknown }).message));
        const fail = (why?: string): void => reject(refused(url, statusCode, why));
        said.then(fail, () => fail());
      }
    });
    sent.once("error", reject);
    const written = body === undefined ? undefined : JSON.stringify(body);
    // Of a deletion Node says by itself neither how long its body is, nor that it has one.
    if (written !== undefined) sent.setHeader("content-length", Buffer.byteLength(written));
    sent.end(written);
  });
}

function unpacked(response: IncomingMessage, fail: (error: Error) => void): NodeJS.ReadableStream {
  if (response.headers["content-encoding"] !== "gzip") return response;
  return pipeline(response, createGunzip(), (error) => {
    if (error) fail(error);
  });
}

/** The API server's refusal, with its own words where it has any. */
function refused({ origin, pathname }: URL, status: number, said?: string): ClusterError {
  if (isDenied(status)) {
    const message = `${origin} refuses this user (${status} for ${pathname})`;
    const remedy =
      "give the user that right, or use a context whose user has it, `kubectl auth can-i --list` shows all; a deployment reads policies of all namespaces, reads pods and Services of those that are declared, and writes to kube-system";
    return new ClusterError({ path: "KUBECONFIG", message, remedy }, status);
  }
  const words = said === undefined ? "" : `: ${said}`;
  const message = `${origin} answers ${status} for ${pathname}${words}`;
  const remedy =
    said !== undefined && status < 500
      ? "mend what it says, and run again"
      : "look at the API server's health: `kubectl get --raw /readyz?verbose`";
  return new ClusterError({ path: "KUBECONFIG", message, remedy }, status);
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
