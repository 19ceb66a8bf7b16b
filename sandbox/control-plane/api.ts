import { Agent, request } from "node:https";
import { ControlPlaneError } from "./error.ts";
import type { Manifest } from "./manifest.ts";

/** What a client must know of a cluster. */
export interface Access {
  /** URL of the API server. */
  readonly server: string;
  /** Whose requests they are; anonymous without. */
  readonly token?: string;
  /** The certificates to trust, as PEM. */
  readonly authority: string;
}

/** What the API server answered instead of 2xx. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const seconds = 1000;

/**
 * The few requests that furnishing a cluster takes. The full client,
 * @kubernetes/client-node, takes 1.7 s of CPU to load, as long as an API server's start.
 */
export class Api {
  readonly #access: Access;
  readonly #agent: Agent;

  constructor(access: Access) {
    this.#access = access;
    this.#agent = new Agent({ ca: access.authority, keepAlive: true, maxSockets: 16 });
  }

  /** @throws ApiError when there is no such object */
  async get<T>(path: string): Promise<T> {
    return (await this.send("GET", path)) as T;
  }

  /** Creates an object of a cluster-wide or namespaced kind. */
  async create(object: Manifest, fieldManager: string): Promise<void> {
    await this.send("POST", `${collection(object)}?fieldManager=${fieldManager}`, object);
  }

  /** Applies an object server-side and takes over the fields it sets. */
  async apply(object: Manifest, fieldManager: string): Promise<void> {
    const path = `${collection(object)}/${object.metadata.name}?fieldManager=${fieldManager}&force=true`;
    await this.send("PATCH", path, object);
  }

  /** Closes the connections that are kept for the next request. */
  close(): void {
    this.#agent.destroy();
  }

  /** Sends a request and returns the answer's JSON, or an empty object when it is none. */
  send(method: string, path: string, body?: Manifest): Promise<unknown> {
    const { token } = this.#access;
    const options = {
      method,
      agent: this.#agent,
      timeout: 10 * seconds,
      headers: {
        accept: "application/json",
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        // JSON is YAML: the API server takes it for a server-side apply.
        "content-type": method === "PATCH" ? "application/apply-patch+yaml" : "application/json",
      },
    };
    return new Promise((resolve, reject) => {
      const sent = request(this.#access.server + path, options, (response) => {
        let answer = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (answer += chunk));
        response.on("error", reject).on("end", () => {
          const code = response.statusCode ?? 0;
          if (code >= 200 && code < 300) resolve(parse(answer));
          else reject(new ApiError(code, messageIn(answer)));
        });
      });
      sent.on("error", reject);
      sent.on("timeout", () => sent.destroy(new Error(`No answer to ${method} ${path} within 10 s`)));
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

/**
 * Path of a kind's collection. The plural of every kind that is used here is the
 * regular one.
 */
export function collection({ apiVersion, kind, metadata }: Manifest): string {
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const namespace = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
  return `${group}${namespace}/${kind.toLowerCase()}s`;
}

/** Whether the server will always refuse, so that asking again is in vain. */
function isFinal(error: unknown): error is ApiError {
  return (
    error instanceof ApiError &&
    error.code >= 400 &&
    error.code < 500 &&
    ![404, 409, 429].includes(error.code)
  );
}

/** Runs a request; turns a final refusal into an error that ends a wait. */
export async function unlessRefused<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (isFinal(error)) throw new ControlPlaneError(`The API server refuses ${what}: ${error.message}`);
    throw error;
  }
}

/** The message of a Status object; health endpoints answer plain text. */
function messageIn(text: string): string {
  const { message } = parse(text) as { message?: unknown };
  return typeof message === "string" ? message : text.trim().slice(0, 400);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return {};
  }
}
