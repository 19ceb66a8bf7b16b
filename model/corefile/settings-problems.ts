import ipaddr from "ipaddr.js";
import type { Problem } from "../problem.ts";
import { readKey } from "./keys.ts";
import type { DnsSettings } from "./tuned.ts";

/** The forward plugin takes no more. */
const mostUpstreams = 15;

/**
 * What in the settings would give a Corefile that CoreDNS refuses: names that are no domain names,
 * upstreams that are neither an address nor a file. Numbers are the schema's business.
 *
 * @param path - settings path of the DNS settings, for messages
 */
export function dnsSettingsProblems(settings: DnsSettings, path = "dns"): Problem[] {
  const { clusterDomain, upstreams, stubDomains = {} } = settings;
  return [
    ...(clusterDomain === undefined ? [] : domainProblem(clusterDomain, `${path}.clusterDomain`)),
    ...(upstreams ? upstreamProblems(upstreams, `${path}.upstreams`) : []),
    ...Object.entries(stubDomains).flatMap(([zone, servers]) => [
      ...domainProblem(zone, `${path}.stubDomains.${zone}`),
      ...stubOfCluster(zone, clusterDomain ?? "cluster.local", `${path}.stubDomains.${zone}`),
      ...upstreamProblems(servers, `${path}.stubDomains.${zone}`),
    ]),
  ];
}

function domainProblem(name: string, path: string): Problem[] {
  const isDomain = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i.test(name);
  if (isDomain && readKey(name).key) return [];
  return [{ path, message: `"${name}" is no domain name`, remedy: "write a name such as corp.example" }];
}

/** A block for the cluster's own zone would be asked instead of the kubernetes plugin. */
function stubOfCluster(zone: string, clusterDomain: string, path: string): Problem[] {
  const [stub, cluster] = [zone, clusterDomain].map((name) => name.toLowerCase().replace(/\.$/, ""));
  if (stub !== cluster) return [];
  const remedy = "remove it: CoreDNS answers for the cluster's own names itself";
  return [{ path, message: `Stub domain ${zone} is the cluster's own domain`, remedy }];
}

function upstreamProblems(upstreams: readonly string[], path: string): Problem[] {
  const problems = upstreams.flatMap((upstream, i) =>
    isUpstream(upstream)
      ? []
      : [
          {
            path: `${path}[${i}]`,
            message: `Upstream "${upstream}" is neither an address nor a file`,
            remedy:
              "write an IP address such as 10.0.0.53, with :port or tls:// if need be, or /etc/resolv.conf",
          },
        ],
  );
  if (upstreams.length >= 1 && upstreams.length <= mostUpstreams) return problems;
  const message = `${upstreams.length} upstreams are given`;
  return [...problems, { path, message, remedy: `give 1 to ${mostUpstreams}, as many as forward takes` }];
}

/** An address with optional scheme, TLS server name and port, or an absolute path. */
function isUpstream(upstream: string): boolean {
  if (/[\s"#{}]/.test(upstream)) return false;
  if (upstream.startsWith("/")) return true;
  const address = upstream.replace(/^(dns|tls|https|quic):\/\//, "");
  const [, bracketed, plain, port] =
    /^(?:\[([^\]%]+)(?:%[^\]]*)?\]|([^\s%]+?)(?:%[a-z0-9.-]+)?)(?::(\d+))?$/i.exec(address) ?? [];
  if (port !== undefined && Number(port) > 65_535) return false;
  if (bracketed !== undefined) return ipaddr.IPv6.isValid(bracketed);
  // A bare IPv6 address has colons of its own, the last of which is no port.
  return ipaddr.IPv4.isValidFourPartDecimal(plain ?? "") || ipaddr.IPv6.isValid(address);
}
