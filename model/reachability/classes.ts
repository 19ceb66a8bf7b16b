import type { CompiledWorld } from "./compile.ts";
import { type Unit } from "./units.ts";
import { unitSet, type UnitSet, UnitSets } from "./unit-set.ts";

/** Units that no rule tells apart, under the first of them. */
export interface Classes {
  /** The first unit of each class, ascending. */
  readonly representatives: UnitSet;
  /** All units of a class, by its first. */
  readonly members: ReadonlyMap<number, readonly number[]>;
}

const known = new WeakMap<CompiledWorld, Classes>();

/**
 * Folds units into classes: two are in the same when every selector, range and name of any rule means both or
 * neither, and ports are called the same as far as rules use names.
 */
export function classesOf(compiled: CompiledWorld): Classes {
  const classes = known.get(compiled) ?? fold(compiled);
  known.set(compiled, classes);
  return classes;
}

function fold(compiled: CompiledWorld): Classes {
  const { units } = compiled;
  const signatures = units.all.map((unit): (string | number)[] => [kindOf(unit)]);
  const sets = new UnitSets();
  const looked = new Set<UnitSet>();
  const distinguish = (found: UnitSet): void => {
    // Selectors and ranges that mean the same tell nobody apart a second time.
    const set = sets.one(found);
    if (looked.has(set)) return;
    looked.add(set);
    for (const unit of set) signatures[unit]?.push(looked.size);
  };
  for (const set of compiled.pods.selections()) distinguish(set);
  for (const { sure, perhaps } of compiled.peers.others()) {
    distinguish(sure);
    distinguish(perhaps);
  }
  const names = usedPortNames(compiled);
  const members = new Map<string, number[]>();
  units.all.forEach((unit, i) => {
    const key = `${signatures[i]?.join() ?? ""}${portsCalled(unit, names)}`;
    const list = members.get(key);
    if (list === undefined) members.set(key, [i]);
    else list.push(i);
  });
  const lists = [...members.values()];
  return {
    representatives: unitSet(lists.flatMap(([first]) => first ?? [])),
    members: new Map(lists.map((list) => [list[0] ?? 0, list])),
  };
}

/** Units of different kinds are never one class. */
function kindOf(unit: Unit): string {
  if (unit.kind === "entity") return unit.entity;
  return unit.kind === "pods" && unit.group.hostNetwork ? "host" : unit.kind;
}

function usedPortNames({ sides }: CompiledWorld): ReadonlySet<string> {
  const names = new Set<string>();
  for (const side of [...sides.ingress.values(), ...sides.egress.values()]) {
    for (const { rule, ports } of Object.values(side.rules).flat()) {
      if (ports !== undefined) continue;
      for (const match of rule.ports ?? []) if (match.kind === "named") names.add(match.name);
    }
  }
  return names;
}

function portsCalled(unit: Unit, names: ReadonlySet<string>): string {
  if (unit.kind !== "pods" || names.size === 0) return "";
  return unit.group.ports
    .filter(({ name }) => name !== undefined && names.has(name))
    .map(({ name, port, protocol }) => ` ${name}=${protocol}${port}`)
    .sort()
    .join("");
}
