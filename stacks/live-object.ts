import type { ListedObject } from "../components/cluster-reader.ts";
import type { LiveObject } from "../model/live.ts";

/** An object by its name and labels. */
export function liveObject({ metadata }: ListedObject): LiveObject {
  return { namespace: metadata?.namespace, name: metadata?.name ?? "", labels: metadata?.labels ?? {} };
}
