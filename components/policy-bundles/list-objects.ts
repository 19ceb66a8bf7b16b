import type { LivePolicy } from "../../model/policies/live-policy.ts";
import type { PolicyKind } from "../../model/policies/policies.ts";
import { policyApis } from "../../model/policies/policy-apis.ts";

const policies = (kind: PolicyKind) => {
  const { apiVersion, plural } = policyApis[kind];
  return { api: `/apis/${apiVersion}`, plural };
};

/** Kinds that bundles hold, by where the API has them. */
export const collections = {
  NetworkPolicy: policies("NetworkPolicy"),
  CiliumNetworkPolicy: policies("CiliumNetworkPolicy"),
  Service: { api: "/api/v1", plural: "services" },
} as const;
export type BundledKind = keyof typeof collections;
export const policyKinds: readonly BundledKind[] = ["NetworkPolicy", "CiliumNetworkPolicy"];
export const serviceKinds: readonly BundledKind[] = ["Service"];

/** Objects of one answer: a page of thousands would be seconds of silence. */
const pageSize = 500;

interface Page {
  readonly metadata?: { readonly continue?: string; readonly resourceVersion?: string };
  readonly items?: readonly Omit<LivePolicy, "kind">[] | null;
}

/**
 * Objects of all namespaces, with the revision of the cluster's data at which they were read.
 * @param get - reads what is at a path of the API; undefined where there is nothing
 * @param kinds - the first one is one that every cluster has
 * @param labelSelector - `a=b,c=d`; default: all
 */
export async function listObjects(
  get: (path: string) => Promise<Page | undefined>,
  kinds: readonly BundledKind[],
  labelSelector = "",
): Promise<{ items: LivePolicy[]; revision: string }> {
  const lists = await Promise.all(kinds.map((kind) => listKind(get, kind, labelSelector)));
  return { items: lists.flatMap(({ items }) => items), revision: lists[0]?.revision ?? "" };
}

async function listKind(
  get: (path: string) => Promise<Page | undefined>,
  kind: BundledKind,
  labelSelector: string,
): Promise<{ items: LivePolicy[]; revision: string }> {
  const { api, plural } = collections[kind];
  const items: LivePolicy[] = [];
  let page: Page | undefined;
  do {
    const query = new URLSearchParams({
      limit: String(pageSize),
      ...(labelSelector !== "" && { labelSelector }),
      ...(page?.metadata?.continue && { continue: page.metadata.continue }),
    });
    page = await get(`${api}/${plural}?${query.toString()}`);
    for (const { metadata, spec } of page?.items ?? []) {
      const { name, namespace, uid, resourceVersion, labels, annotations } = metadata;
      items.push({ kind, metadata: { name, namespace, uid, resourceVersion, labels, annotations }, spec });
    }
  } while (page?.metadata?.continue);
  return { items, revision: page?.metadata?.resourceVersion ?? "" };
}
