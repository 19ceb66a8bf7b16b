import type { PodSelection } from "./rules.ts";
import { matches, namespaceNameLabel, type Requirement, type Selector } from "./selector.ts";
import type { Units } from "./units.ts";
import { unitSet, type UnitSet } from "./unit-set.ts";

type Pods = Extract<Units["all"][number], { kind: "pods" }>;

/** Label of no pod, by which a selector asks for a service account. */
export const serviceAccountKey = "io.cilium.k8s.policy.serviceaccount";

/**
 * Finds the pods that a selection means without looking at all of them: by namespace where it names one, else by
 * a label that it asks for. Each selection is looked up once. Pods on the host's network cannot be selected.
 */
export class PodIndex {
  private readonly units: Units;
  private readonly all: readonly number[];
  private readonly byNamespace = new Map<string, number[]>();
  private readonly byLabel = new Map<string, number[]>();
  private readonly known = new Map<string, UnitSet>();

  constructor(units: Units) {
    this.units = units;
    this.all = [...units.pods.values()].filter((unit) => !this.podsAt(unit).group.hostNetwork);
    for (const unit of this.all) {
      const { group } = this.podsAt(unit);
      push(this.byNamespace, group.namespace, unit);
      for (const [key, value] of Object.entries(group.labels)) push(this.byLabel, `${key}=${value}`, unit);
    }
  }

  select(selection: PodSelection): UnitSet {
    const { namespace, namespaces, pods } = selection;
    const key = JSON.stringify([namespace, namespaces, pods]);
    let found = this.known.get(key);
    if (found === undefined) {
      found = unitSet(this.candidates(selection).filter((unit) => selects(selection, this.podsAt(unit))));
      this.known.set(key, found);
    }
    return found;
  }

  /** All that selectors can mean. */
  pods(): readonly number[] {
    return this.all;
  }

  /** The distinct sets that selections have found so far. */
  selections(): Iterable<UnitSet> {
    return this.known.values();
  }

  private candidates({ namespace, namespaces, pods }: PodSelection): readonly number[] {
    if (namespace !== undefined) return this.byNamespace.get(namespace) ?? [];
    const name = namespaces.find(isPositive(namespaceNameLabel));
    if (name !== undefined) return name.values.flatMap((value) => this.byNamespace.get(value) ?? []);
    const label = pods.find(({ key, operator }) => operator === "In" && key !== serviceAccountKey);
    if (label === undefined) return this.all;
    return label.values.flatMap((value) => this.byLabel.get(`${label.key}=${value}`) ?? []);
  }

  private podsAt(unit: number): Pods {
    return this.units.all[unit] as Pods;
  }
}

const isPositive =
  (wanted: string) =>
  ({ key, operator }: Requirement): boolean =>
    key === wanted && operator === "In";

function selects({ namespace, namespaces, pods }: PodSelection, { group, namespaceLabels }: Pods): boolean {
  if (namespace !== undefined && group.namespace !== namespace) return false;
  return matches(namespaces, namespaceLabels) && matches(pods, selectable(pods, group));
}

/** A pod's labels; its service account counts as one where it is asked for. */
function selectable(selector: Selector, { labels, serviceAccount }: Pods["group"]): Pods["group"]["labels"] {
  return selector.some(({ key }) => key === serviceAccountKey)
    ? { ...labels, [serviceAccountKey]: serviceAccount ?? "default" }
    : labels;
}

function push(map: Map<string, number[]>, key: string, unit: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [unit]);
  else list.push(unit);
}
