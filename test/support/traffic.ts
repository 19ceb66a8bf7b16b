import type { V1Pod, V1Service, V1ServicePort, V1ServiceSpec } from "@kubernetes/client-node";
import type { Context } from "mocha";
import type { Where } from "../../sandbox/data-plane/index.ts";
import { isReady } from "../../model/late-pods.ts";
import { type Plane, podsOf, readyPods, until, untilFound } from "./data-plane.ts";

/** Waits until the only pod of a workload is ready. */
export async function onePod(plane: Plane, namespace: string, workload: string): Promise<V1Pod> {
  const [pod] = await readyPods(plane, namespace, workload);
  if (!pod) throw new Error(`There is no pod of ${namespace}/${workload}`);
  return pod;
}

/**
 * Does at once what Cilium's operator takes a minute for: the pods of CoreDNS from before Cilium make
 * room. Policies do not know them, so a pod under default-deny reaches the next ones only.
 */
export async function dnsOnCilium(plane: Plane): Promise<void> {
  const dns = { namespace: "kube-system", labelSelector: "k8s-app=kube-dns" };
  await plane.core.deleteCollectionNamespacedPod(dns);
  await until("CoreDNS to be on Cilium's network", 60, async () => {
    const pods = await podsOf(plane, dns.namespace, dns.labelSelector);
    const { pods: running } = plane.dataPlane.state;
    const onCilium = ({ metadata }: V1Pod): boolean =>
      running.some(({ name, network }) => name === metadata?.name && network === "cilium");
    return pods.length === 2 && pods.every((pod) => isReady(pod) && onCilium(pod));
  });
}

/** A Service before the pods of a workload. */
export function service(
  namespace: string,
  name: string,
  workload: string,
  ports: V1ServicePort[],
  more: V1ServiceSpec = {},
): V1Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: { selector: { "app.kubernetes.io/name": workload }, ports, ...more },
  };
}

/** What `peer stream` has counted of one connection. */
export interface Tally {
  readonly sent: number;
  readonly lost: number;
  readonly longestGapMilliseconds: number;
  /** How a TCP connection ended before we ended it. */
  readonly broken?: string;
}

/** A connection with a message every 10 ms, each of which is to come back. */
export interface Stream {
  /** Ends it, and tells what it has counted. */
  readonly end: () => Promise<Tally>;
}

/** Starts a stream, and returns once its connection is established. */
export async function startStream({ dataPlane }: Plane, from: Where, target: string): Promise<Stream> {
  // A signal is to get to the stream itself, which is a descendant of what is spawned here.
  const argv = ["sh", "-c", 'echo $$ && exec "$@"', "sh", dataPlane.peer, "stream", "--for", "10m", target];
  const { stdout, stderr } = dataPlane.spawn(from, argv);
  let output = "";
  for (const pipe of [stdout, stderr]) pipe?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const printed = async (what: string, pattern: RegExp): Promise<string> => {
    try {
      return await untilFound(what, 10, () => Promise.resolve(pattern.exec(output)?.[0]));
    } catch (error) {
      throw new Error(`${String(error)}: it has printed ${output}`, { cause: error });
    }
  };
  await printed(`a stream to ${target} to be established`, /"established":true/);
  return {
    end: async () => {
      await dataPlane.exec(from, ["kill", "-TERM", output.split("\n")[0] ?? ""]);
      return JSON.parse(await printed(`a stream to ${target} to end`, /\{"sent".*/)) as Tally;
    },
  };
}

/** A tally in words. */
export const inWords = ({ sent, lost, longestGapMilliseconds }: Tally): string =>
  `${lost} of ${sent} lost, longest gap ${Math.round(longestGapMilliseconds)} ms`;

/** Puts what was measured behind the title of the running test. */
export function note({ test }: Context, text: string): void {
  if (test) test.title += ` (${text})`;
}
