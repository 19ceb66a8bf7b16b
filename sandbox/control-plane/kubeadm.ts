import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments, parseDocument } from "yaml";
import { checkout } from "./checkout.ts";
import type { ConfigMapManifest, Manifest, ServiceManifest } from "./manifest.ts";

/** What differs from one kubeadm cluster to the next. */
export interface KubeadmFacts {
  /** URL of the API server. */
  readonly server: string;
  /** Certificates that clients of the API server trust, as PEM. */
  readonly authority: string;
  readonly clusterDomain: string;
  readonly podCidr: string;
  readonly serviceCidr: string;
  /** Address of the kube-dns Service. */
  readonly dnsAddress: string;
}

const folder = join(checkout, "sandbox", "control-plane", "kubeadm");

/** The objects that `kubeadm init` leaves in a cluster of these facts. */
export function kubeadmObjects(facts: KubeadmFacts): Manifest[] {
  const objects = ["coredns.yaml", "kube-proxy.yaml", "configuration.yaml"].flatMap(readManifests);

  const dns = find(objects, "Service", "kube-dns") as ServiceManifest;
  dns.spec = { ...dns.spec, clusterIP: facts.dnsAddress };
  edit(objects, "coredns", "Corefile", (text) => text.replaceAll("cluster.local", facts.clusterDomain));

  const kubeconfig = (text: string): string =>
    setYaml(text, {
      "clusters/0/cluster/server": facts.server,
      ...(text.includes("certificate-authority-data") && {
        "clusters/0/cluster/certificate-authority-data": Buffer.from(facts.authority).toString("base64"),
      }),
    });
  edit(objects, "kube-proxy", "kubeconfig.conf", kubeconfig);
  edit(objects, "cluster-info", "kubeconfig", kubeconfig);
  edit(objects, "kube-proxy", "config.conf", (text) => setYaml(text, { clusterCIDR: facts.podCidr }));
  edit(objects, "kubeadm-config", "ClusterConfiguration", (text) =>
    setYaml(text, {
      controlPlaneEndpoint: new URL(facts.server).host,
      "networking/dnsDomain": facts.clusterDomain,
      "networking/podSubnet": facts.podCidr,
      "networking/serviceSubnet": facts.serviceCidr,
    }),
  );
  edit(objects, "kubelet-config", "kubelet", (text) =>
    setYaml(text, { "clusterDNS/0": facts.dnsAddress, clusterDomain: facts.clusterDomain }),
  );
  return objects;
}

function readManifests(file: string): Manifest[] {
  const text = readFileSync(join(folder, file), "utf8");
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

function find(objects: readonly Manifest[], kind: string, name: string): Manifest {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) throw new Error(`No ${kind} ${name} in ${folder}`);
  return found;
}

/** Changes one key of a ConfigMap, which must be there. */
function edit(
  objects: readonly Manifest[],
  configMap: string,
  key: string,
  change: (text: string) => string,
): void {
  const found = find(objects, "ConfigMap", configMap) as ConfigMapManifest;
  const text = found.data[key];
  if (text === undefined) throw new Error(`ConfigMap ${configMap} in ${folder} has no key ${key}`);
  found.data = { ...found.data, [key]: change(text) };
}

/** Sets values by their paths in a YAML text, and keeps its order and layout. */
function setYaml(text: string, values: Readonly<Record<string, string>>): string {
  const document = parseDocument(text);
  for (const [path, value] of Object.entries(values)) {
    const steps = path.split("/").map((step) => (/^\d+$/.test(step) ? Number(step) : step));
    if (!document.hasIn(steps)) throw new Error(`There is no ${path} to set`);
    document.setIn(steps, value);
  }
  const printed = document.toString({ lineWidth: 0, indentSeq: false });
  // A block scalar with "|-" has no line end, and kubeadm writes some that way.
  return text.endsWith("\n") ? printed : printed.trimEnd();
}
