import type { NamespaceSettings } from "../settings.ts";
import type { Peer } from "./flow.ts";
import type { EndProblem } from "./flow-cidr.ts";

/** A label of a name or of a pattern; ** as the first one stands for several. */
const label = /^[a-z0-9_*]([-a-z0-9_*]{0,61}[a-z0-9_*])?$/i;

/** A DNS name outside of the cluster, such as api.example.com or *.example.com. */
export function fqdnPeer(
  text: string,
  namespaces: readonly NamespaceSettings[],
): Extract<Peer, { kind: "fqdn" }> | EndProblem {
  const pattern = text.replace(/\.$/, "").toLowerCase();
  const labels = pattern.split(".");
  if (pattern.length > 253 || !labels.every((one) => label.test(one))) {
    return {
      message: `${text} is no DNS name`,
      remedy: "write a name such as api.example.com, or a pattern such as *.example.com",
    };
  }
  if (labels.every((one) => /^\*+$/.test(one))) {
    return {
      message: `${text} is every name there is`,
      remedy: "name the domain, such as *.example.com, or write internet",
    };
  }
  if (labels.length > 2 && labels.at(-2) === "cluster" && labels.at(-1) === "local") {
    return inCluster(text);
  }
  // api-backend.shop is what pods call a Service of another namespace.
  const [name, namespace, svc] = labels;
  const declared = namespaces.find((one) => one.name === namespace);
  const isService = labels.length === 2 || (labels.length === 3 && svc === "svc");
  if (isService && declared?.workloads.some((workload) => workload.name === name)) {
    return inCluster(text, `${namespace}/${name}`);
  }
  return { kind: "fqdn", pattern };
}

const inCluster = (text: string, workload?: string): EndProblem => ({
  message: `${text} is a name within the cluster, whose Services no policy sees`,
  remedy: workload === undefined ? "name the workload behind it, as namespace/name" : `write ${workload}`,
});
