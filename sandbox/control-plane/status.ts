import { existsSync, readFileSync } from "node:fs";
import type { V1NodeList } from "@kubernetes/client-node";
import { Api } from "./api.ts";
import { accessOf } from "./credentials.ts";
import { messageOf } from "./error.ts";
import { Layout } from "./layout.ts";
import { isLive, readRecord } from "./owner.ts";

/** What is in a control plane's folder. */
export type Status =
  | { readonly state: "absent" }
  /** A crashed run's files, and perhaps processes; the next start or `cleanUp` removes them. */
  | { readonly state: "left over" }
  | { readonly state: "starting"; readonly owner: number }
  | {
      readonly state: "running";
      readonly server: string;
      readonly kubeconfig: string;
      readonly context: string;
      readonly supervisor: number;
      readonly nodes: { readonly ready: number; readonly all: number } | { readonly error: string };
    };

/** Looks at a control plane's folder, and asks its API server for the nodes. */
export async function status(folder: string): Promise<Status> {
  const layout = new Layout(folder);
  const record = existsSync(layout.folder) ? readRecord(layout) : undefined;
  if (record === undefined) return { state: "absent" };
  if (!isLive(record)) return { state: "left over" };
  const { context, server, supervisor } = record;
  if (supervisor === undefined || server === undefined || context === undefined) {
    return { state: "starting", owner: record.owner.pid };
  }
  const { kubeconfig } = layout;
  return {
    state: "running",
    server,
    kubeconfig,
    context,
    supervisor: supervisor.pid,
    nodes: await nodes(kubeconfig),
  };
}

type Nodes = Extract<Status, { state: "running" }>["nodes"];

async function nodes(kubeconfig: string): Promise<Nodes> {
  const api = new Api(accessOf(readFileSync(kubeconfig, "utf8")));
  try {
    const { items } = await api.get<V1NodeList>("/api/v1/nodes");
    const ready = items.filter(({ status }) =>
      status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True"),
    );
    return { ready: ready.length, all: items.length };
  } catch (error) {
    return { error: messageOf(error) };
  } finally {
    api.close();
  }
}
