import { gzipSync } from "node:zlib";
import type { Values } from "../../model/cilium/merge-values.ts";

/** What a test says of a revision; the rest is as Helm writes it. */
export interface Revision {
  readonly revision?: number;
  readonly status?: string;
  readonly chartVersion: string;
  readonly values?: Values;
}

/** A revision of a release as Helm 3 keeps it: the Secret's `data.release`. */
export function packedRelease({ revision = 1, status = "deployed", chartVersion, values }: Revision): string {
  const release = {
    name: "cilium",
    info: {
      first_deployed: "2026-11-24T18:00:00Z",
      last_deployed: "2026-11-24T18:00:00Z",
      deleted: "",
      description: "Upgrade complete",
      status,
    },
    chart: {
      metadata: { name: "cilium", version: chartVersion, apiVersion: "v2", appVersion: chartVersion },
      lock: null,
      templates: [{ name: "templates/NOTES.txt", data: Buffer.from("Cilium ☂").toString("base64") }],
      values: { debug: { enabled: false } },
      schema: null,
      files: [],
    },
    // Helm leaves the key out where no values were given.
    ...(values && { config: values }),
    manifest: "---\n# Source: cilium/templates/cilium-agent/serviceaccount.yaml\n",
    version: revision,
    namespace: "kube-system",
  };
  return twice(gzipSync(JSON.stringify(release), { level: 9 }));
}

/** In base64 by Helm, and again as all data of a Secret. */
export const twice = (bytes: Buffer): string => Buffer.from(bytes.toString("base64")).toString("base64");
