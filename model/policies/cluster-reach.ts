import { stackLabel } from "../live.ts";
import { at } from "../tree.ts";

/** Where policies of the whole cluster say for which namespaces they are. */
const selectors: Readonly<Record<string, readonly string[]>> = {
  CiliumClusterwideNetworkPolicy: ["endpointSelector"],
  ClusterNetworkPolicy: ["subject", "namespaces"],
};

/**
 * The namespaces that a stack's policies of the whole cluster deny in, as these stand there.
 * @param policyObjects - as the API has them
 * @param stack - `<project>.<stack>`; another one's policies do not count
 */
export function namespacesUnder(policyObjects: readonly unknown[], stack: string): ReadonlySet<string> {
  return new Set(
    policyObjects.flatMap((object) => {
      const where = selectors[String(at(object, "kind"))];
      if (where === undefined || at(object, "metadata", "labels", stackLabel) !== stack) return [];
      const expressions = at(object, "spec", ...where, "matchExpressions");
      return (Array.isArray(expressions) ? expressions : []).flatMap(
        (expression) => (at(expression, "values") ?? []) as string[],
      );
    }),
  );
}
