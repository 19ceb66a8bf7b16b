import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Api } from "../../sandbox/control-plane/api.ts";
import { accessOf } from "../../sandbox/control-plane/credentials.ts";

/** A client of a cluster by its kubeconfig. */
export const apiOf = ({ kubeconfig }: { readonly kubeconfig: string }): Api =>
  new Api(accessOf(readFileSync(kubeconfig, "utf8")));

/** The pids of the supervisor in a control plane's folder and of its five children. */
export function pidsOf(folder: string): number[] {
  const { supervisor, children } = JSON.parse(readFileSync(join(folder, "owner.json"), "utf8")) as {
    supervisor: { pid: number };
    children: { pid: number }[];
  };
  return [supervisor.pid, ...children.map(({ pid }) => pid)];
}
