import type { Labels } from "./world.ts";

/** Requirements on labels, all of which have to hold; none selects everything. */
export type Selector = readonly Requirement[];

export interface Requirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values: readonly string[];
}

/** Whether labels meet every requirement. NotIn is met by labels without the key, too. */
export function matches(selector: Selector, labels: Labels): boolean {
  return selector.every(({ key, operator, values }) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    switch (operator) {
      case "In":
        return value !== undefined && values.includes(value);
      case "NotIn":
        return value === undefined || !values.includes(value);
      case "Exists":
        return value !== undefined;
      case "DoesNotExist":
        return value === undefined;
    }
  });
}

/** The selector of exactly these labels. */
export const labelsSelector = (labels: Labels): Selector =>
  Object.entries(labels).map(([key, value]) => ({ key, operator: "In", values: [value] }));

/** The label that Kubernetes puts on every namespace. */
export const namespaceNameLabel = "kubernetes.io/metadata.name";

/** Labels of a namespace as selectors see them. */
export const namespaceLabels = (name: string, labels: Labels): Labels => ({
  ...labels,
  [namespaceNameLabel]: name,
});
