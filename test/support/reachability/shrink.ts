import type { Scene } from "../../../sandbox/judges/scene.ts";

/** Lists and maps of which a scene may lose a part and stay one that the API server accepts. */
const mayLose = new Set([
  "pods",
  "addresses",
  "policies",
  "ports",
  "labels",
  "policyTypes",
  "ingress",
  "egress",
  "from",
  "to",
  "except",
  "matchLabels",
  "matchExpressions",
]);

/**
 * Takes away from a scene what may go while something stays true of it.
 * @param holds - of which of these scenes it is still true
 */
export async function shrink(
  scene: Scene,
  holds: (scenes: readonly Scene[]) => Promise<readonly boolean[]>,
): Promise<Scene> {
  const smaller = [...without(scene)] as Scene[];
  const stays = await holds(smaller);
  const next = smaller.find((_, at) => stays[at]);
  return next === undefined ? scene : shrink(next, holds);
}

/** A value with one part less, in every way. */
function* without(value: unknown, name = ""): Generator {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    const list = value as readonly unknown[];
    if (mayLose.has(name)) for (const at of list.keys()) yield list.toSpliced(at, 1);
    for (const [at, item] of list.entries()) for (const less of without(item)) yield list.with(at, less);
    return;
  }
  for (const [key, part] of Object.entries(value)) {
    if (mayLose.has(name)) {
      yield Object.fromEntries(Object.entries(value).filter(([other]) => other !== key));
    }
    for (const less of without(part, key)) yield { ...value, [key]: less };
  }
}
