import type { LiveRelease } from "../model/live.ts";
import type { ClusterEditor } from "./cluster-editor.ts";

/** Whether a run was killed while Helm worked: until that is cleared, Helm refuses to go on. */
export const isInterrupted = (release: LiveRelease | undefined): release is LiveRelease =>
  release?.status.startsWith("pending-") === true;

/**
 * Removes the record of an interrupted revision. What it had created stays, with Helm's marks of
 * ownership on it, and the next install or upgrade takes it over.
 */
export async function clearInterrupted(
  cluster: ClusterEditor,
  namespace: string,
  { secret }: LiveRelease,
): Promise<void> {
  await cluster.remove(`/api/v1/namespaces/${namespace}/secrets/${secret}`);
}
