import { shown } from "./cilium/key-types.ts";
import { isPlainObject } from "./cilium/merge-values.ts";
import type { Problem } from "./problem.ts";
import type { Settings } from "./settings.ts";
import { at } from "./tree.ts";

const otherOf = { cilium: "calico", calico: "cilium" } as const;

/** Whether a settings key is of the datapath that is not chosen. */
export const hasNoEffect = (path: string, datapath: Settings["datapath"]): boolean =>
  path.startsWith(`${otherOf[datapath]}.`);

/** One datapath is deployed: the other counts as turned off. Either consent to a change is the consent. */
export function withOneDatapath(settings: Settings): Settings {
  const { datapath, cilium, calico } = settings;
  const allowDatapathChange = settings.allowDatapathChange || cilium.allowDatapathChange;
  return {
    ...settings,
    allowDatapathChange,
    cilium: { ...cilium, enabled: datapath === "cilium" && cilium.enabled, allowDatapathChange },
    calico: { ...calico, enabled: datapath === "calico" && calico.enabled },
  };
}

/**
 * Settings of the datapath that is not deployed would be silently without effect. Those of a profile are
 * left aside with a warning (the adviser's), for a stack does not write them.
 * @param raw - the stack's own configuration, without its profile's
 */
export function otherDatapathProblems(settings: Settings, raw: unknown): Problem[] {
  const { datapath } = settings;
  const other = otherOf[datapath];
  const section = at(raw, other);
  if (!isPlainObject(section)) return [];
  return leaves(section, other)
    .filter(({ path, value }) => !holdsAnyway(path, value, settings))
    .map(({ path, value }) => ({
      path,
      message: `${said(path, value)} has no effect with datapath: ${datapath}`,
      remedy:
        path === `${other}.enabled` && value === false
          ? // Without it the chosen one would come over a plugin that somebody else runs.
            `set ${datapath}.enabled: false instead, to leave the network to others; with neither, ${datapath} is deployed`
          : `leave it out, or set datapath: ${other}`,
    }));
}

/** The consent is one for both; and where nothing is deployed, the other is not either. */
const holdsAnyway = (path: string, value: unknown, { datapath, ...settings }: Settings): boolean =>
  path === "cilium.allowDatapathChange" ||
  (path === `${otherOf[datapath]}.enabled` && value === false && !settings[datapath].enabled);

function leaves(value: unknown, path: string): { path: string; value: unknown }[] {
  // The escape hatch is one setting, whatever it holds.
  if (!isPlainObject(value) || path.endsWith(".values")) return [{ path, value }];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}

/** Of the escape hatch the keys alone: among its values may be secrets. */
const said = (path: string, value: unknown): string =>
  isPlainObject(value) ? `{${Object.keys(value).join(", ")}}` : shown(path.split("."), value);
