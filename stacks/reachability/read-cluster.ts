import { ClusterError } from "../../components/cluster-error.ts";
import { isDenied } from "../../components/cluster-connection.ts";
import { type ClusterReader, openReader } from "../../components/cluster-reader.ts";
import type { PolicyKind } from "../../model/policies/policies.ts";
import { policyApis } from "../../model/policies/policy-apis.ts";
import type { Problem } from "../../model/problem.ts";
import type { Sourced } from "../../model/reachability/inventory/objects.ts";
import type { ReadManifests } from "./read-text.ts";

type Read = ReadManifests & {
  /** What could not be read, and is not needed for an answer. */
  readonly notes: readonly string[];
};

/** What is read, with the kind that the items of a list do not name. */
interface Listing {
  readonly apiVersion: string;
  readonly kind: string;
  readonly path: string;
  /** Without it there is no answer; without the others it is less exact. */
  readonly isNeeded: boolean;
}

const listing = (apiVersion: string, kind: string, plural: string, isNeeded = false): Listing => ({
  ...{ apiVersion, kind, isNeeded },
  path: `${apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`}/${plural}`,
});

const policies = (kind: PolicyKind): Listing =>
  listing(policyApis[kind].apiVersion, kind, policyApis[kind].plural, true);

const listings: readonly Listing[] = [
  listing("v1", "Namespace", "namespaces", true),
  listing("v1", "Pod", "pods", true),
  policies("NetworkPolicy"),
  listing("v1", "Service", "services"),
  listing("v1", "Node", "nodes"),
  listing("apps/v1", "Deployment", "deployments"),
  listing("apps/v1", "StatefulSet", "statefulsets"),
  listing("apps/v1", "DaemonSet", "daemonsets"),
  listing("batch/v1", "Job", "jobs"),
  listing("batch/v1", "CronJob", "cronjobs"),
  // Policies of others are needed where the cluster has them: it answers 404 where it has not.
  policies("CiliumNetworkPolicy"),
  policies("CiliumClusterwideNetworkPolicy"),
  policies("ClusterNetworkPolicy"),
  listing("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy", "adminnetworkpolicies", true),
  listing(
    "policy.networking.k8s.io/v1alpha1",
    "BaselineAdminNetworkPolicy",
    "baselineadminnetworkpolicies",
    true,
  ),
  listing("crd.projectcalico.org/v1", "NetworkPolicy", "networkpolicies", true),
  listing("crd.projectcalico.org/v1", "GlobalNetworkPolicy", "globalnetworkpolicies", true),
];

/** Where the API server answers, and how Cilium is set up. */
const singles = [
  { apiVersion: "v1", kind: "Endpoints", path: "/api/v1/namespaces/default/endpoints/kubernetes" },
  { apiVersion: "v1", kind: "ConfigMap", path: "/api/v1/namespaces/kube-system/configmaps/cilium-config" },
] as const;

/** Objects of one answer: a list of all pods of a large cluster is hundreds of megabytes. */
const pageSize = 500;

/**
 * Reads what decides who reaches whom; needs no right but to list.
 * @param context - of the kubeconfig; default: its current one
 */
export async function readCluster(context: string | undefined): Promise<Read> {
  try {
    return await readAll(await openReader(context));
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    const { path, message, remedy } = error.problem;
    const problem = {
      path: path.replace("cluster.context", "--context"),
      message,
      remedy: inOurWords(remedy),
    };
    return { found: [], problems: [problem], notes: [] };
  }
}

/** Reads all that matters by a reader. */
export async function readAll(cluster: ClusterReader): Promise<Read> {
  const read = await Promise.all([
    ...listings.map((one) => readListing(cluster, one)),
    ...singles.map((one) => readSingle(cluster, one)),
  ]);
  return {
    found: read.flatMap(({ found }) => found),
    problems: read.flatMap(({ problems }) => problems),
    notes: read.flatMap(({ notes }) => notes),
  };
}

/** The reader speaks of a stack's settings. */
const inOurWords = (remedy: string): string =>
  remedy.replace(/^set cluster\.context to/, "use").replaceAll("cluster.context", "--context");

async function readListing(cluster: ClusterReader, one: Listing): Promise<Read> {
  const { apiVersion, kind, path, isNeeded } = one;
  const found: Sourced[] = [];
  try {
    let next = "";
    do {
      const page = await cluster.get<Page>(`${path}?limit=${pageSize}${next && `&continue=${next}`}`);
      for (const item of page?.items ?? []) {
        found.push({ where: "the cluster", manifest: { apiVersion, kind, ...(item as object) } });
      }
      next = encodeURIComponent(page?.metadata?.continue ?? "");
    } while (next !== "");
    return { found, problems: [], notes: [] };
  } catch (error) {
    if (!(error instanceof ClusterError && isDenied(error.status))) throw error;
    const plural = path.split("/").at(-1) ?? kind;
    if (!(await isServed(cluster, path, plural))) return { found, problems: [], notes: [] };
    if (!isNeeded) return { found, problems: [], notes: [`${plural} may not be read: passed over`] };
    return { found, problems: [deniedProblem(cluster.server, plural)], notes: [] };
  }
}

/** Rights are asked before existence: a kind that is not there at all is denied, too, to who may not list all. */
async function isServed(cluster: ClusterReader, path: string, plural: string): Promise<boolean> {
  try {
    const group = await cluster.get<{ resources?: readonly { name: string }[] }>(
      path.replace(/\/[^/]+$/, ""),
    );
    return group?.resources?.some(({ name }) => name === plural) ?? false;
  } catch (error) {
    if (error instanceof ClusterError && isDenied(error.status)) return true;
    throw error;
  }
}

async function readSingle(
  cluster: ClusterReader,
  { path, ...kind }: (typeof singles)[number],
): Promise<Read> {
  const object = await cluster.get<object>(path).catch((error: unknown) => {
    if (error instanceof ClusterError && isDenied(error.status)) return "denied";
    throw error;
  });
  const notes =
    object === "denied" ? [`${kind.kind} ${path.split("/").at(-1)} may not be read: passed over`] : [];
  const found =
    typeof object === "object" ? [{ where: "the cluster", manifest: { ...kind, ...object } }] : [];
  return { found, problems: [], notes };
}

interface Page {
  readonly metadata?: { readonly continue?: string };
  readonly items?: readonly unknown[] | null;
}

const deniedProblem = (server: string, plural: string): Problem => ({
  path: plural,
  message: `${server} does not let this user list them`,
  remedy:
    "give it a ClusterRole with get and list of namespaces, pods, services, workloads and policies, or use another --context",
});
