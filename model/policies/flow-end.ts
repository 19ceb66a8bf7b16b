import { didYouMean, nearest } from "../did-you-mean.ts";
import type { NamespaceSettings, Settings } from "../settings.ts";
import type { Labels, Peer } from "./flow.ts";
import { type CidrPeer, cidrPeer, type EndProblem, internetPeers, isAddressLike } from "./flow-cidr.ts";
import { fqdnPeer } from "./flow-fqdn.ts";
import type { FlowSettings } from "./short-form.ts";
import { type Workload, workloadsOf } from "./workloads.ts";

type EndSettings = FlowSettings["from"];
export type ResolvingSettings = Pick<Settings, "namespaces" | "policies" | "cluster" | "cilium">;

/** Who is at an end of a flow. Several peers where one word stands for them: the internet is two ranges. */
export interface End {
  readonly peers: readonly Peer[];
  /** Set where it is a declared workload, which has ports to go by. */
  readonly workload?: Workload;
}

/** Words that stand for something in every cluster. */
const keywords = ["api-server", "ingress-controller", "monitoring", "nodes", "internet"] as const;
type Keyword = (typeof keywords)[number];

const isKeyword = (text: string): text is Keyword => (keywords as readonly string[]).includes(text);

/** Reads ends of flows; made once for all of them. */
export class EndReader {
  readonly #settings: ResolvingSettings;
  readonly #workloads: ReadonlyMap<string, Workload>;
  readonly #declared: ReadonlySet<string>;
  readonly #internet: readonly CidrPeer[];

  constructor(settings: ResolvingSettings) {
    this.#settings = settings;
    this.#workloads = workloadsOf(settings.namespaces);
    this.#declared = new Set(settings.namespaces.map(({ name }) => name));
    this.#internet = internetPeers(settings);
  }

  /** @param namespace - the one that declares the flow */
  read(end: EndSettings, namespace: NamespaceSettings): End | EndProblem {
    if (typeof end !== "string") return this.#object(end, namespace);
    const text = end.trim();
    if (text === "*") return { peers: [{ kind: "pods", labels: {} }] };
    if (isAddressLike(text)) return asEnd(cidrPeer(text, [], this.#settings));
    if (text.endsWith("/*")) return everyPodOf(text.slice(0, -2));
    if (text.includes("/")) return this.#workload(text);
    if (text.includes(".")) return asEnd(fqdnPeer(text, this.#settings.namespaces));
    const own = this.#workloads.get(`${namespace.name}/${text}`);
    if (!isKeyword(text)) return own ? asWorkload(own) : this.#workload(`${namespace.name}/${text}`);
    if (own === undefined) return this.#keyword(text);
    return {
      message: `${text} may be the workload of that name or ${meaning[text]}`,
      remedy: `write ${namespace.name}/${text} for the workload, or rename it`,
    };
  }

  /** Whether the pods at an end are isolated by this stack, so that it has to write their side. */
  governs(end: Peer): boolean {
    return end.kind === "pods" && (end.namespace === undefined || this.#declared.has(end.namespace));
  }

  #workload(name: string): End | EndProblem {
    const found = this.#workloads.get(name);
    if (found) return asWorkload(found);
    const message = `No workload ${name} is declared`;
    const [namespace = "", workload = ""] = name.split("/");
    const near = nearest(name, [...this.#workloads.keys()]) ?? nearest(workload, keywords);
    if (near !== undefined) return { message, remedy: `did you mean ${near}?` };
    if (!this.#declared.has(namespace)) {
      return {
        message,
        remedy: `write { namespace: ${namespace}, labels: … } for pods that no workload declares, or ${namespace}/* for all of them`,
      };
    }
    const remedy =
      this.#workloads.size > 0 && this.#workloads.size <= 20
        ? didYouMean(name, [...this.#workloads.keys()])
        : "declare it under workloads";
    return { message, remedy };
  }

  #keyword(keyword: Keyword): End | EndProblem {
    const { cilium, policies } = this.#settings;
    switch (keyword) {
      case "api-server":
      case "nodes":
        return { peers: [{ kind: "entity", entity: keyword }] };
      case "internet":
        return { peers: this.#internet };
      case "monitoring":
        return this.#pods(policies.monitoring.namespace, policies.monitoring.labels, keyword);
      case "ingress-controller": {
        const isCiliums = cilium.enabled && (cilium.ingressController.enabled || cilium.gatewayApi.enabled);
        if (isCiliums) return { peers: [{ kind: "entity", entity: "ingress" }] };
        const { namespace, labels } = policies.ingressController;
        return this.#pods(namespace, labels, keyword);
      }
    }
  }

  #object(end: Exclude<EndSettings, string>, namespace: NamespaceSettings): End | EndProblem {
    const { cidr, except, labels } = end;
    if (cidr !== undefined) {
      if (labels === undefined && end.namespace === undefined) {
        return asEnd(cidrPeer(cidr, except ?? [], this.#settings));
      }
      return {
        message: "cidr stands beside namespace or labels",
        remedy: "keep cidr for addresses outside of the cluster, namespace and labels for pods",
      };
    }
    if (except !== undefined) {
      return {
        message: "except stands without cidr",
        remedy: "write the range that it is a part of as cidr",
      };
    }
    const where = end.namespace ?? namespace.name;
    if (labels !== undefined && Object.keys(labels).length > 0) return this.#pods(where, labels);
    return {
      message: "It names no pods",
      remedy: `write labels that select them, or "${where}/*" for every pod of the namespace`,
    };
  }

  /** Pods by their labels: a declared workload where it has them, else pods that are none of ours. */
  #pods(namespace: string, labels: Labels, keyword?: Keyword): End | EndProblem {
    if (!this.#declared.has(namespace)) return { peers: [{ kind: "pods", namespace, labels }] };
    const declared = this.#settings.namespaces.find(({ name }) => name === namespace);
    for (const { name } of declared?.workloads ?? []) {
      const found = this.#workloads.get(`${namespace}/${name}`);
      if (found && same(found.endpoint.labels, labels)) return asWorkload(found);
    }
    const said = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    return {
      message: `No workload of ${namespace} has the labels ${said.join(",")}${keyword === undefined ? "" : ` that ${keyword} stands for`}, and its pods are isolated`,
      remedy: `declare it under the workloads of ${namespace}, so that its side is written, too`,
    };
  }
}

const meaning: Readonly<Record<Keyword, string>> = {
  "api-server": "the cluster's API server",
  "ingress-controller": "the ingress controller",
  monitoring: "the monitoring",
  nodes: "the nodes",
  internet: "the internet",
};

const asEnd = (found: Peer | EndProblem): End | EndProblem => ("kind" in found ? { peers: [found] } : found);

const asWorkload = (workload: Workload): End => ({
  peers: [{ kind: "pods", ...workload.endpoint }],
  workload,
});

function everyPodOf(namespace: string): End | EndProblem {
  if (/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace)) {
    return { peers: [{ kind: "pods", namespace, labels: {} }] };
  }
  return {
    message: `${namespace}/* names no namespace`,
    remedy: "write namespace/* for every pod of a namespace, or * for every pod of the cluster",
  };
}

const same = (a: Labels, b: Labels): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([key, value]) => b[key] === value);
