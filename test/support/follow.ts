import { readFileSync } from "node:fs";
import { request } from "node:https";
import { createInterface } from "node:readline";
import { accessOf } from "../../sandbox/control-plane/credentials.ts";
import type { ControlPlane } from "../../sandbox/control-plane/index.ts";
import type { Watch } from "./watch.ts";

/** What happened to an object: it was there when the following began, or has come, changed or gone since. */
export type Phase = "ADDED" | "MODIFIED" | "DELETED";

type Query = Readonly<Record<string, string>>;

interface Event {
  readonly type: string;
  readonly object: unknown;
}

/**
 * Calls `look` with every state that the objects of a collection go through, none left out, in the order in
 * which things happened. stop() throws what a look threw. The client library's own way ends by itself where
 * nothing happens for half a minute.
 * @param query - as the API has it: a selector, or from which version on
 */
export function follow(
  { cluster }: { readonly cluster: ControlPlane },
  path: string,
  look: (phase: Phase, state: unknown) => void,
  query: Query = {},
): Watch {
  const { server, token, authority } = accessOf(readFileSync(cluster.kubeconfig, "utf8"));
  const url = new URL(path, server);
  url.search = new URLSearchParams({ ...query, watch: "true" }).toString();
  let isOver = false;
  let wrong: Error | undefined;
  const fail = (error: unknown): void => {
    if (!isOver) wrong ??= error instanceof Error ? error : new Error(String(error));
  };
  const hear = ({ type, object }: Event): void => {
    if (isOver || wrong) return;
    if (type === "ERROR") throw new Error(`${path} cannot be followed: ${JSON.stringify(object)}`);
    look(type as Phase, object);
  };
  const headers = { authorization: `Bearer ${token ?? ""}` };
  const asked = request(url, { ca: authority, headers, agent: false }, (response) => {
    if (response.statusCode !== 200) fail(new Error(`${path} answers ${response.statusCode ?? 0}`));
    // It passes on what goes wrong with the response, too.
    const lines = createInterface(response).on("error", fail);
    lines.on("line", (line) => {
      try {
        hear(JSON.parse(line) as Event);
      } catch (error) {
        fail(error);
      }
    });
    response.once("close", () => fail(new Error(`Nobody follows ${path} any more`)));
  });
  asked.on("error", fail);
  asked.end();
  return {
    stop: () => {
      isOver = true;
      asked.destroy();
      return wrong ? Promise.reject(wrong) : Promise.resolve();
    },
  };
}

/** Waits until a collection has an object; `stop` ends the waiting. */
export function firstOf(
  sandbox: { readonly cluster: ControlPlane },
  path: string,
  query: Query = {},
): { readonly there: Promise<true>; readonly stop: () => Promise<void> } {
  let following: Watch | undefined;
  const there = new Promise<true>((resolve) => {
    following = follow(sandbox, path, () => resolve(true), query);
  });
  return { there, stop: async () => following?.stop() };
}
