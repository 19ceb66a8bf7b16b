import type { V1Container } from "@kubernetes/client-node";
import { inNetworkOf, run } from "./shell.ts";

/**
 * Whether a container is ready: what its readiness probe says, asked from the pod's own
 * network namespace (a kubelet asks from the node's); ready without a probe. Commands are
 * not run as probes.
 */
export async function isReady(
  container: V1Container,
  peer: string,
  pid: number,
  address: string,
): Promise<boolean> {
  const target = targetOf(container, address);
  if (target === undefined) return true;
  const headers = (container.readinessProbe?.httpGet?.httpHeaders ?? []).flatMap(({ name, value }) => [
    "--header",
    `${name}: ${value}`,
  ]);
  try {
    const printed = await run(inNetworkOf(pid, [peer, "probe", "--timeout", "5s", ...headers, target]), {
      seconds: 10,
    });
    const { outcome, error } = JSON.parse(printed) as { outcome: string; error?: string };
    return outcome === "open" && error === undefined;
  } catch {
    return false;
  }
}

function targetOf({ readinessProbe, ports }: V1Container, address: string): string | undefined {
  const asked = readinessProbe?.httpGet ?? readinessProbe?.tcpSocket;
  if (!asked) return undefined;
  const named = ports?.find(({ name }) => name === asked.port)?.containerPort;
  const port = named ?? asked.port;
  const host = asked.host ?? address;
  return readinessProbe?.httpGet
    ? `http:${host}:${port}${readinessProbe.httpGet.path ?? "/"}`
    : `tcp:${host}:${port}`;
}
