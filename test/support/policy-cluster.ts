import type { ClusterConnection } from "../../components/cluster-connection.ts";
import { ClusterError } from "../../components/cluster-error.ts";
import type { LivePolicy } from "../../model/policies/live-policy.ts";

/** A live object, which need not say its kind. */
type Stored = Omit<LivePolicy, "kind"> & Partial<Pick<LivePolicy, "kind">>;

/** A Service's addresses, as far as they are looked at. */
interface Assigned {
  readonly clusterIP?: string;
  readonly ports?: readonly object[];
}

/** Of what plays the API server here, only namespaces, policies and Services: written as it writes them, and refused likewise. */
export class PolicyCluster {
  /** By path. */
  readonly objects = new Map<string, Stored>();
  /** Called before each write; may throw, as a crash would. */
  beforeWrite: (method: string, path: string) => void = () => undefined;
  writes = 0;
  #revision = 100;

  constructor(namespaces: readonly string[] = []) {
    for (const name of namespaces) this.#store(`/api/v1/namespaces/${name}`, { metadata: { name } });
  }

  /** `namespace/name` of the policies, or Services, sorted. */
  policies(): string[] {
    return [...this.objects.values()]
      .flatMap(({ metadata: { namespace, name } }) =>
        namespace === undefined ? [] : [`${namespace}/${name}`],
      )
      .sort();
  }

  readonly ask: ClusterConnection["ask"] = async <T>(
    path: string,
    { method = "GET", body }: { method?: string; body?: unknown } = {},
  ): Promise<T | undefined> => {
    await Promise.resolve();
    const [where = "", query = ""] = path.split("?");
    if (method === "GET") return this.#get(where, new URLSearchParams(query)) as T | undefined;
    this.beforeWrite(method, where);
    this.writes++;
    return this.#write(method, where, body as Stored & { preconditions?: Stored["metadata"] }) as
      T | undefined;
  };

  #get(path: string, query: URLSearchParams): unknown {
    const plural = /^(?:\/apis\/[^/]+\/[^/]+|\/api\/v1)\/([^/]+)$/.exec(path)?.[1];
    if (plural !== undefined) {
      const selector = (query.get("labelSelector") ?? "").split(",").filter(Boolean);
      const items = [...this.objects]
        .filter(([key]) => key.includes(`/${plural}/`))
        .map(([, { metadata, spec }]) => ({ metadata, spec }))
        .filter(({ metadata }) =>
          selector.every((one) => {
            const [key = "", value] = one.split("=");
            return metadata.labels?.[key] === value;
          }),
        );
      const limit = Number(query.get("limit"));
      const from = Number(query.get("continue") ?? 0);
      const rest = from + limit < items.length ? { continue: String(from + limit) } : {};
      const page = items.slice(from, from + limit);
      return { metadata: { resourceVersion: String(this.#revision), ...rest }, items: page };
    }
    if (/^\/apis\/[^/]+\/[^/]+$|^\/api\/v1$/.test(path)) {
      const names = ["networkpolicies", "ciliumnetworkpolicies", "services"];
      return { resources: names.map((name) => ({ name })) };
    }
    return this.objects.get(path);
  }

  #write(method: string, path: string, body: Stored & { preconditions?: Stored["metadata"] }): unknown {
    const found = this.objects.get(path);
    if (method === "POST") {
      const namespace = /^(.*\/namespaces\/[^/]+)\/[^/]+$/
        .exec(path)?.[1]
        ?.replace(/^\/apis\/[^/]+\/[^/]+/, "/api/v1");
      if (namespace !== undefined && !this.objects.has(namespace)) return undefined;
      const key = `${path}/${body.metadata.name}`;
      if (this.objects.has(key)) throw conflict(key);
      return this.#store(key, withAddresses(body, String(this.#revision)));
    }
    if (!found) return undefined;
    const { uid, resourceVersion } = (method === "DELETE" ? body.preconditions : body.metadata) ?? {};
    const isStale =
      (uid !== undefined && uid !== found.metadata.uid) ||
      (resourceVersion !== undefined && resourceVersion !== found.metadata.resourceVersion);
    if (isStale) throw conflict(path);
    if (method === "DELETE") {
      this.objects.delete(path);
      return {};
    }
    if (method === "PUT") {
      if (addressOf(body) !== addressOf(found)) throw immutable(path);
      return this.#store(path, withAddresses(body, ""));
    }
    const { labels, annotations } = body.metadata;
    const metadata = {
      ...found.metadata,
      labels: { ...found.metadata.labels, ...labels },
      annotations: { ...found.metadata.annotations, ...annotations },
    };
    return this.#store(path, { ...found, metadata });
  }

  #store(path: string, object: Stored): Stored {
    const revision = String(++this.#revision);
    const uid = this.objects.get(path)?.metadata.uid ?? `uid-${revision}`;
    const stored = structuredClone({
      ...object,
      metadata: { ...object.metadata, uid, resourceVersion: revision },
    });
    this.objects.set(path, stored);
    return stored;
  }
}

const addressOf = ({ spec }: Stored): string | undefined => (spec as Assigned | undefined)?.clusterIP;

/** Fills in what the API server gives every Service. */
function withAddresses(object: Stored, number: string): Stored {
  if (object.kind !== "Service") return object;
  const spec = object.spec as Assigned;
  const clusterIP = spec.clusterIP ?? `10.96.0.${number}`;
  const ports = spec.ports?.map((port) => ({ protocol: "TCP", ...port }));
  return {
    ...object,
    spec: {
      sessionAffinity: "None",
      internalTrafficPolicy: "Cluster",
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
      clusterIPs: [clusterIP],
      ...spec,
      clusterIP,
      ports,
    },
  };
}

const immutable = (path: string): ClusterError =>
  new ClusterError({ path, message: "spec.clusterIP: may not change once set", remedy: "" }, 422);

const conflict = (path: string): ClusterError =>
  new ClusterError({ path, message: "Conflict", remedy: "" }, 409);
