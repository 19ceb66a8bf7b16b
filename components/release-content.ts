import { gunzipSync } from "node:zlib";
import { isPlainObject } from "../model/cilium/merge-values.ts";
import type { ReleaseContent } from "../model/live.ts";
import { asText, at } from "../model/tree.ts";

/** How a gzip stream begins; releases from before Helm compressed them do not. */
const gzipMagic = Buffer.from([0x1f, 0x8b, 0x08]);

/**
 * Reads what Helm 3 keeps of a revision: JSON, gzipped, in base64, and that in the base64 of a Secret.
 * @param data - the Secret's `data.release`
 * @returns undefined for anything that is no such release
 */
export function releaseContent(data: string | undefined): ReleaseContent | undefined {
  if (data === undefined) return undefined;
  try {
    const packed = Buffer.from(Buffer.from(data, "base64").toString("latin1"), "base64");
    const json = packed.subarray(0, gzipMagic.length).equals(gzipMagic) ? gunzipSync(packed) : packed;
    const release: unknown = JSON.parse(json.toString("utf8"));
    const chartVersion = asText(at(release, "chart", "metadata", "version"));
    const values = at(release, "config") ?? {};
    return typeof chartVersion === "string" && isPlainObject(values) ? { chartVersion, values } : undefined;
  } catch {
    return undefined;
  }
}
