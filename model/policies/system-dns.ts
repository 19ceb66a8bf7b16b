import ipaddr from "ipaddr.js";
import { cidrContains } from "../cidr.ts";
import { parseCorefile, readForward } from "../corefile/index.ts";
import { directivesOf } from "../corefile/walk.ts";
import type { Problem } from "../problem.ts";
import type { Settings } from "../settings.ts";
import { clusterDns } from "./dns-flow.ts";
import type { Flow, Protocol } from "./flow.ts";
import { hostCidr } from "./flow-cidr.ts";

/** A resolver that CoreDNS asks. */
interface Upstream {
  readonly address: string;
  readonly port: number;
  readonly protocol: Protocol;
}

/**
 * Resolvers of the Corefile that CoreDNS could not ask any more with kube-system under default-deny: those at
 * ports of their own, and those within the cluster, where policies see pods instead of addresses.
 * @param corefile - as it is going to be served; undefined where DNS is run in another way
 * @param flows - all that is declared, the allowances of kube-system among it
 */
export function upstreamProblems(
  { cluster, namespaces, policies }: Pick<Settings, "cluster" | "namespaces" | "policies">,
  corefile: string | undefined,
  flows: readonly Flow[],
): Problem[] {
  const system = namespaces.find(({ name }) => name === clusterDns.namespace);
  if (!policies.systemNamespaces || corefile === undefined || system?.stage === "observe") return [];
  const outgoing = flows.filter(({ from }) => isDns(from));
  const toPods = outgoing.some(({ to }) => to.kind === "pods" && !isDns(to));
  const isWithin = ({ address }: Upstream): boolean =>
    [cluster.podCidr, cluster.serviceCidr].some((range) => cidrContains(range, hostCidr(address)));
  return upstreamsOf(corefile).flatMap((upstream): Problem[] => {
    const { address, port, protocol } = upstream;
    const where = `${address} at ${protocol} ${port}`;
    if (isWithin(upstream)) {
      if (toPods) return [];
      return [
        {
          path: "policies.systemNamespaces",
          message: `The Corefile has CoreDNS ask ${where}, an address of the cluster, and no flow says which pods answer there`,
          remedy: 'declare them in kube-system, such as "coredns -> consul/server:8600/UDP"',
        },
      ];
    }
    if (outgoing.some((flow) => covers(flow, upstream))) return [];
    const ports = protocol === "TCP" ? `${port}/TCP` : `${port}/UDP,${port}/TCP`;
    return [
      {
        path: "policies.systemNamespaces",
        message: `The Corefile has CoreDNS ask ${where}, which no allowance of kube-system covers`,
        remedy: `declare it in kube-system: "coredns -> ${address}:${ports}"`,
      },
    ];
  });
}

const isDns = (end: Flow["from"]): boolean =>
  end.kind === "pods" &&
  end.namespace === clusterDns.namespace &&
  end.labels["k8s-app"] === clusterDns.labels["k8s-app"];

function covers({ to, port }: Flow, upstream: Upstream): boolean {
  const address = hostCidr(upstream.address);
  if (to.kind !== "cidr" || !cidrContains(to.cidr, address)) return false;
  if (to.except.some((range) => cidrContains(range, address))) return false;
  if (!port) return true;
  return (
    port.protocol === upstream.protocol &&
    port.port <= upstream.port &&
    upstream.port <= (port.endPort ?? port.port)
  );
}

/** Resolvers by address: those of a node's file, and what a variable hides, are not to be known. */
function upstreamsOf(corefile: string): Upstream[] {
  const parsed = parseCorefile(corefile);
  if (!parsed.corefile) return [];
  const forwards = [...directivesOf(parsed.corefile)].filter(
    ([directive, ...around]) => directive.name.text === "forward" && around.length === 0,
  );
  const texts = new Set(forwards.flatMap(([directive]) => readForward(directive).upstreams));
  return [...texts].flatMap((text) => readUpstream(text) ?? []);
}

/** @param text - such as 10.0.0.2, 10.0.0.2:5353, [2001:db8::1]:53 or tls://9.9.9.9 */
function readUpstream(text: string): Upstream | undefined {
  const [, scheme = "dns", rest = ""] = /^(?:([a-z]+):\/\/)?(.*)$/.exec(text) ?? [];
  const [, bracketed, afterBracket] = /^\[([^\]]+)\](?::(\d+))?$/.exec(rest) ?? [];
  const [, plain, afterPlain] = /^([\d.]+)(?::(\d+))?$/.exec(rest) ?? [];
  const address = bracketed ?? plain ?? rest;
  if (!ipaddr.isValid(address)) return undefined;
  const isTls = scheme === "tls";
  return {
    address,
    port: Number(afterBracket ?? afterPlain ?? (isTls ? 853 : 53)),
    protocol: isTls ? "TCP" : "UDP",
  };
}
