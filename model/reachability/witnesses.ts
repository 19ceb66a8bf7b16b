import type { PodSelection, ReadPolicy } from "./rules.ts";
import { namespaceNameLabel, type Selector } from "./selector.ts";
import { serviceAccountKey } from "./pod-index.ts";
import type { Labels, NamedPort, PodGroup, World } from "./world.ts";

/**
 * Pods that nobody declared, but that some selector means. The one with the fewest labels that a selector allows
 * is in every declared group that all pods of that selector are in; so where it is in none, the selector means
 * pods that no flow speaks of. Where a selector asks for no namespace by name, it stands in a namespace that
 * nobody has declared either.
 */
export function witnesses(
  world: World,
  selections: readonly PodSelection[],
): Pick<World, "namespaces" | "pods"> {
  const taken = new Set(world.pods.map(keyOf));
  const pods: PodGroup[] = [];
  const strangers = new Map<string, { name: string; labels: Labels }>();
  const ports = everyNamedPort(world.policies);
  for (const selection of distinct(selections)) {
    for (const namespace of namespacesOf(selection)) {
      for (const { [serviceAccountKey]: serviceAccount, ...labels } of fewestLabels(selection.pods)) {
        const group: PodGroup = {
          name: describe(namespace, labels, serviceAccount),
          namespace: namespace.name,
          labels,
          ports,
          ...(serviceAccount !== undefined && { serviceAccount }),
        };
        if (taken.has(keyOf(group))) continue;
        taken.add(keyOf(group));
        pods.push(group);
        if (namespace.isStranger) strangers.set(namespace.name, namespace);
      }
    }
  }
  return { namespaces: [...strangers.values()], pods };
}

/** All that policies select, as subjects and as peers. */
export function selectionsOf(policies: readonly ReadPolicy[]): PodSelection[] {
  return policies.flatMap(({ parts }) =>
    parts.flatMap(({ subject, ingress, egress }) => [
      ...(subject ? [subject] : []),
      ...[...ingress.rules, ...egress.rules].flatMap(({ peers }) =>
        (peers ?? []).flatMap((peer) => (peer.kind === "pods" ? [peer] : [])),
      ),
    ]),
  );
}

interface WitnessNamespace {
  readonly name: string;
  readonly labels: Labels;
  readonly isStranger: boolean;
}

const strangerName = "a-namespace-nobody-declared";

function namespacesOf({ namespace, namespaces }: PodSelection): WitnessNamespace[] {
  if (namespace !== undefined) return [{ name: namespace, labels: {}, isStranger: false }];
  const named = namespaces.find(({ key, operator }) => key === namespaceNameLabel && operator === "In");
  if (named) return named.values.map((name) => ({ name, labels: {}, isStranger: false }));
  return fewestLabels(namespaces).map((labels) => {
    const others = Object.fromEntries(Object.entries(labels).filter(([key]) => key !== namespaceNameLabel));
    const said = Object.entries(others).map(([key, value]) => `.${key}.${value}`);
    return { name: `${strangerName}${said.join("")}`, labels: others, isStranger: true };
  });
}

/** Labels that a selector is content with: for each value that it would take, one set. */
function fewestLabels(selector: Selector): Labels[] {
  let sets: Labels[] = [{}];
  for (const { key, operator, values } of selector) {
    if (operator === "In")
      sets = sets.flatMap((labels) => values.map((value) => ({ ...labels, [key]: value })));
    else if (operator === "Exists")
      sets = sets.map((labels) => ({ ...labels, [key]: labels[key] ?? "anything" }));
    // What is to be absent is absent already. A selector with more values than this is nobody's.
    sets = sets.slice(0, 64);
  }
  return sets;
}

/** Under every name that a rule uses for a port, so that no rule misses a witness for want of a port. */
function everyNamedPort(policies: readonly ReadPolicy[]): NamedPort[] {
  const names = new Set<string>();
  for (const { parts } of policies) {
    for (const { ingress, egress } of parts) {
      for (const { ports } of [...ingress.rules, ...egress.rules]) {
        for (const port of ports ?? []) if (port.kind === "named") names.add(port.name);
      }
    }
  }
  return [...names].flatMap((name, i) =>
    (["TCP", "UDP", "SCTP"] as const).map((protocol) => ({ name, port: 65_000 - (i % 1000), protocol })),
  );
}

function describe(
  { name, isStranger }: WitnessNamespace,
  labels: Labels,
  account: string | undefined,
): string {
  const said = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  if (account !== undefined) said.push(`service account ${account}`);
  const who = said.length === 0 ? "any pod" : `any pod with ${said.join(", ")}`;
  return `${who} of ${isStranger ? "any namespace" : name}`;
}

const keyOf = ({ namespace, labels, serviceAccount }: PodGroup): string =>
  JSON.stringify([
    namespace,
    Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)),
    serviceAccount ?? "",
  ]);

function distinct(selections: readonly PodSelection[]): Iterable<PodSelection> {
  return new Map(
    selections.map((selection) => {
      const { namespace, namespaces, pods } = selection;
      return [JSON.stringify([namespace, namespaces, pods]), selection];
    }),
  ).values();
}
