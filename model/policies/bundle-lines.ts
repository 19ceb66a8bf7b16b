/** Several objects that only their namespaces tell apart. */
export type Line<T> = Omit<T, "namespace"> & { readonly namespaces: readonly string[] };

/** Objects as lines of JSON, in an order of their own: default-deny, the same everywhere, is one line. */
export function toLines(objects: readonly { readonly namespace?: string }[]): string[] {
  const namespacesOf = new Map<string, string[]>();
  for (const { namespace = "", ...common } of objects) {
    const key = JSON.stringify(common);
    const others = namespacesOf.get(key);
    if (others) others.push(namespace);
    else namespacesOf.set(key, [namespace]);
  }
  return [...namespacesOf]
    .map(([common, namespaces]) =>
      JSON.stringify({ ...(JSON.parse(common) as object), namespaces: namespaces.sort() }),
    )
    .sort();
}

/** Reads one of the lines that {@link toLines} wrote. */
export const fromLine = <T>({ namespaces, ...common }: Line<T>): T[] =>
  namespaces.map((namespace) => ({ ...common, namespace }) as T);
