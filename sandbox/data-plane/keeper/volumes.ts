import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type {
  CoreV1Api,
  V1Container,
  V1KeyToPath,
  V1Pod,
  V1Volume,
  V1VolumeProjection,
} from "@kubernetes/client-node";
import { ifFound } from "../../../components/cluster-client.ts";
import { DataPlaneError } from "../error.ts";
import type { Mount } from "./container.ts";
import type { Image } from "./images.ts";
import type { Node } from "./network.ts";

/** Files of a volume: content by relative path. */
type Files = Record<string, Buffer>;

/** Where a volume is on this machine. */
export type VolumeSource =
  | { readonly kind: "folder"; readonly path: string }
  /** The container's own /proc, which no folder of the node can stand for. */
  | { readonly kind: "proc"; readonly path: string };

/** Makes a pod's volume below a folder, and returns where it is. */
export async function makeVolume(
  core: CoreV1Api,
  pod: V1Pod,
  volume: V1Volume,
  node: Node,
  folder: string,
): Promise<VolumeSource> {
  if (volume.hostPath) return hostPath(volume.hostPath.path, volume.hostPath.type, node);
  const path = join(folder, volume.name);
  mkdirSync(path, { recursive: true });
  // A pod may write into an empty one only; the other kinds are filled, and filled again.
  if (!volume.emptyDir) writeFiles(path, await filesOf(core, pod, volume));
  return { kind: "folder", path };
}

/** Fills a pod's volume again, as a kubelet does when a ConfigMap or a Secret has changed. */
export async function refreshVolume(
  core: CoreV1Api,
  pod: V1Pod,
  volume: V1Volume,
  folder: string,
): Promise<void> {
  // Certificates come as projected volumes; one with a token is left as it is, or it had a new one each time.
  const isPlain = volume.projected?.sources?.every((source) => !source.serviceAccountToken) ?? false;
  if (volume.configMap || volume.secret || isPlain)
    writeFiles(join(folder, volume.name), await filesOf(core, pod, volume));
}

/** What a container sees: its volumes, and what its image holds. */
export function mountsOf(
  container: V1Container,
  image: Image,
  volumes: ReadonlyMap<string, VolumeSource>,
): Mount[] {
  const mounted = (container.volumeMounts ?? []).flatMap(
    ({ name, mountPath, readOnly, subPath }): Mount[] => {
      const volume = volumes.get(name);
      if (!volume) return [];
      const source = subPath === undefined ? volume.path : join(volume.path, subPath);
      return [{ source, target: mountPath, readOnly: readOnly ?? false }];
    },
  );
  const files = Object.entries(image.files).map(([target, source]) => ({ source, target, readOnly: true }));
  const copies = Object.entries(image.copies ?? {}).map(([target, source]) => ({
    source,
    target,
    copy: true,
  }));
  return [...mounted, ...files, ...copies];
}

function hostPath(path: string, type: string | undefined, node: Node): VolumeSource {
  if (path === "/proc" || path.startsWith("/proc/")) return { kind: "proc", path };
  if (path === "/sys/fs/bpf") return { kind: "folder", path: node.bpf };
  if (path === "/run/cilium/cgroupv2" || path === "/sys/fs/cgroup")
    return { kind: "folder", path: node.cgroup };
  const own = join(node.root, path);
  if (type === "FileOrCreate" || type === "File") {
    mkdirSync(dirname(own), { recursive: true });
    if (!existsSync(own)) writeFileSync(own, "");
  } else mkdirSync(own, { recursive: true });
  return { kind: "folder", path: own };
}

async function filesOf(core: CoreV1Api, pod: V1Pod, volume: V1Volume): Promise<Files> {
  const namespace = pod.metadata?.namespace ?? "default";
  const { configMap, secret, projected, name } = volume;
  if (configMap) {
    return configMapFiles(core, namespace, configMap.name ?? "", configMap.items, configMap.optional);
  }
  if (secret) return secretFiles(core, namespace, secret.secretName ?? "", secret.items, secret.optional);
  if (projected) {
    const parts = await Promise.all(
      (projected.sources ?? []).map((source) => projectedFiles(core, pod, source)),
    );
    return Object.assign({}, ...parts) as Files;
  }
  throw new DataPlaneError(
    `Volume ${name} of pod ${namespace}/${pod.metadata?.name} is of a kind that is not played here`,
  );
}

async function projectedFiles(core: CoreV1Api, pod: V1Pod, source: V1VolumeProjection): Promise<Files> {
  const namespace = pod.metadata?.namespace ?? "default";
  const { configMap, secret, serviceAccountToken, downwardAPI } = source;
  if (configMap)
    return configMapFiles(core, namespace, configMap.name ?? "", configMap.items, configMap.optional);
  if (secret) return secretFiles(core, namespace, secret.name ?? "", secret.items, secret.optional);
  if (serviceAccountToken) {
    const { status } = await core.createNamespacedServiceAccountToken({
      namespace,
      name: pod.spec?.serviceAccountName ?? "default",
      body: {
        spec: {
          audiences: serviceAccountToken.audience === undefined ? [] : [serviceAccountToken.audience],
          // A data plane lives for hours at most: nobody has to renew it.
          expirationSeconds: 24 * 3600,
        },
      },
    });
    return { [serviceAccountToken.path]: Buffer.from(status?.token ?? "") };
  }
  return Object.fromEntries(
    (downwardAPI?.items ?? []).map(({ path, fieldRef }) => [
      path,
      Buffer.from(fieldOf(pod, fieldRef?.fieldPath ?? "") ?? ""),
    ]),
  );
}

/** A field of a pod by the path that env and volumes name it by; undefined for one that is not played here. */
export function fieldOf(pod: V1Pod, path: string): string | undefined {
  switch (path) {
    case "metadata.name":
      return pod.metadata?.name;
    case "metadata.namespace":
      return pod.metadata?.namespace;
    case "metadata.uid":
      return pod.metadata?.uid;
    case "spec.nodeName":
      return pod.spec?.nodeName;
    case "spec.serviceAccountName":
      return pod.spec?.serviceAccountName;
    case "status.podIP":
      return pod.status?.podIP;
    case "status.hostIP":
      return pod.status?.hostIP;
    default:
      return undefined;
  }
}

async function configMapFiles(
  core: CoreV1Api,
  namespace: string,
  name: string,
  items?: readonly V1KeyToPath[],
  optional?: boolean,
): Promise<Files> {
  const found = await unlessOptional(core.readNamespacedConfigMap({ name, namespace }), optional);
  const texts = Object.entries(found?.data ?? {}).map(([key, text]) => [key, Buffer.from(text)] as const);
  const binaries = Object.entries(found?.binaryData ?? {}).map(
    ([key, text]) => [key, Buffer.from(text, "base64")] as const,
  );
  return chosen(Object.fromEntries([...texts, ...binaries]), items);
}

async function secretFiles(
  core: CoreV1Api,
  namespace: string,
  name: string,
  items?: readonly V1KeyToPath[],
  optional?: boolean,
): Promise<Files> {
  const found = await unlessOptional(core.readNamespacedSecret({ name, namespace }), optional);
  const all = Object.entries(found?.data ?? {}).map(([key, text]) => [key, Buffer.from(text, "base64")]);
  return chosen(Object.fromEntries(all) as Files, items);
}

/** An object that need not be there; one that must be is asked for as it is. */
export const unlessOptional = <T>(asked: Promise<T>, optional = false): Promise<T | undefined> =>
  optional ? ifFound(asked) : asked;

function chosen(files: Files, items?: readonly V1KeyToPath[]): Files {
  if (items === undefined) return files;
  return Object.fromEntries(
    items.flatMap(({ key, path }) => (files[key] === undefined ? [] : [[path, files[key]]])),
  );
}

/** Writes what has changed, each file whole or not at all, and removes what is gone. */
function writeFiles(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    if (existsSync(file) && readFileSync(file).equals(content)) continue;
    writeFileSync(`${file}.new`, content);
    chmodSync(`${file}.new`, 0o644);
    renameSync(`${file}.new`, file);
  }
  for (const entry of readdirSync(folder)) {
    const isWanted = Object.keys(files).some((path) => path === entry || path.startsWith(`${entry}/`));
    if (!isWanted) rmSync(join(folder, entry), { recursive: true });
  }
}
