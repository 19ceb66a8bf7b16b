import { asEntries, asList, asText, at, type Tree } from "../tree.ts";
import { every, not, some, UNKNOWN, type Maybe, type Truth } from "../verdict.ts";

/** A namespace, as far as selectors can see it. */
export interface NamespaceFacts {
  readonly name: string;
  /** Its labels; UNKNOWN for a namespace that is used here and declared elsewhere. */
  readonly labels: Maybe<Readonly<Record<string, Maybe<string>>>>;
}

/** The label that Kubernetes puts on every namespace. */
const NAME_LABEL = "kubernetes.io/metadata.name";

/** Whether a selector has no condition, and so selects every pod, those of tomorrow included. */
export function isEmptySelector(selector: Tree): Truth {
  const labels = asEntries(at(selector, "matchLabels"));
  const expressions = asList(at(selector, "matchExpressions"));
  return every([
    labels === UNKNOWN ? UNKNOWN : labels.length === 0,
    expressions === UNKNOWN ? UNKNOWN : expressions.length === 0,
  ]);
}

/**
 * Whether a selector of Cilium's dialect selects every pod of a namespace: it may ask for
 * the namespace's name and labels, too. A condition on labels of pods, even a negative
 * one, leaves some pods out.
 * @see https://docs.cilium.io/en/stable/network/kubernetes/policy/#namespaces
 */
export function selectsNamespace(selector: Tree, namespace: NamespaceFacts): Truth {
  return selects(selector, namespace, namespaceLabel);
}

/** Whether a plain selector of namespaces selects one. */
export function selectsByLabels(selector: Tree, namespace: NamespaceFacts): Truth {
  return selects(selector, namespace, (key) => key);
}

type LabelOfKey = (key: string) => string | undefined;

function selects(selector: Tree, namespace: NamespaceFacts, labelOfKey: LabelOfKey): Truth {
  const labels = asEntries(at(selector, "matchLabels"));
  const expressions = asList(at(selector, "matchExpressions"));
  return every([
    labels === UNKNOWN
      ? UNKNOWN
      : every(
          labels.map(([key, value]) =>
            holds(namespace, { key, operator: "In", values: [value] }, labelOfKey),
          ),
        ),
    expressions === UNKNOWN
      ? UNKNOWN
      : every(expressions.map((expression) => holds(namespace, expression, labelOfKey))),
  ]);
}

/** Whether a requirement holds for all pods of the namespace. */
function holds(namespace: NamespaceFacts, requirement: Tree, labelOfKey: LabelOfKey): Truth {
  const key = asText(at(requirement, "key"));
  const operator = asText(at(requirement, "operator"));
  const values = asList(at(requirement, "values"));
  if (key === UNKNOWN) return UNKNOWN;
  const label = labelOfKey(key ?? "");
  if (label === undefined) return false;
  const value = labelOf(namespace, label);
  if (value === UNKNOWN || operator === UNKNOWN || values === UNKNOWN) return UNKNOWN;
  const among = some(values.map((wanted) => (wanted === UNKNOWN ? UNKNOWN : wanted === value)));
  switch (operator ?? "") {
    case "In":
      return among;
    case "NotIn":
      return not(among);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}

/**
 * The label of the *namespace* that a key means; undefined for a label of pods. The
 * label's source may stand before it: `k8s:io.kubernetes.pod.namespace`.
 */
function namespaceLabel(key: string): string | undefined {
  const bare = key.replace(/^(k8s|any):/, "");
  if (bare === "io.kubernetes.pod.namespace") return NAME_LABEL;
  const prefix = "io.cilium.k8s.namespace.labels.";
  return bare.startsWith(prefix) ? bare.slice(prefix.length) : undefined;
}

function labelOf({ name, labels }: NamespaceFacts, label: string): Maybe<string | undefined> {
  if (label === NAME_LABEL) return name;
  return labels === UNKNOWN ? UNKNOWN : labels[label];
}
