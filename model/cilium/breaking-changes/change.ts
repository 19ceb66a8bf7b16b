import type { EffectiveValues } from "../datapath/effective.ts";

/** A change that came with a minor version and can break what was there before. */
export interface BreakingChange {
  /** 16 for one that came with 1.16. */
  readonly minor: number;
  /** `down`: it breaks on the way back, out of this minor. Default: on the way up, into it. */
  readonly on?: "down";
  /** What changed. Capital first letter, no final period. */
  readonly what: string;
  /** What it means for a configuration; undefined when it means nothing. */
  readonly concerns: (situation: Situation) => Concern | undefined;
  /** What to do about it. Lower case, no final period. */
  readonly remedy: string;
}

/** What is known about an upgrade. */
export interface Situation {
  readonly before: EffectiveValues;
  readonly after: EffectiveValues;
  /** Oldest kernel among the nodes, where it is declared: then the requirements judge it. */
  readonly kernel?: string | undefined;
}

export interface Concern {
  /** `breaks`: the wanted values do not work. `look`: it depends on what is not read here. */
  readonly verdict: "breaks" | "look";
  /** What in the configuration it is about. Lower case, no final period. */
  readonly because: string;
}

/** Breaks when one of the keys is set to anything but off. */
export const removed =
  (...keys: readonly string[]) =>
  ({ after }: Situation): Concern | undefined => {
    const used = keys.filter((key) => isSet(after.given(key)));
    return used.length === 0 ? undefined : breaks(used.map((key) => shown(key, after)).join(", "));
  };

/** Needs a look wherever the condition holds. */
export const look =
  (because: string, when: (after: EffectiveValues, before: EffectiveValues) => boolean = () => true) =>
  ({ after, before }: Situation): Concern | undefined =>
    when(after, before) ? { verdict: "look", because } : undefined;

/** Breaks where the condition holds. */
export const breaksWhen =
  (because: string, when: (after: EffectiveValues) => boolean) =>
  ({ after }: Situation): Concern | undefined =>
    when(after) ? breaks(because) : undefined;

const breaks = (because: string): Concern => ({ verdict: "breaks", because });

/** Helm's own idea of true, as the charts' checks use it. */
function isSet(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return ![undefined, null, false, 0, ""].includes(value as string | null | undefined);
}

/** The key with its value; texts are left out, because keys and certificates are texts. */
function shown(key: string, after: EffectiveValues): string {
  const value = after.given(key);
  return typeof value === "boolean" || typeof value === "number"
    ? `${key}: ${value} is given`
    : `${key} is given`;
}

export const usesIpsec = ({ isOn, text }: EffectiveValues): boolean =>
  isOn("encryption.enabled") && text("encryption.type") === "ipsec";

export const replacesKubeProxy = ({ text }: EffectiveValues): boolean =>
  ["true", "strict"].includes(text("kubeProxyReplacement"));

/** What no chart value tells: policies that others put into the cluster. */
export const policiesNotRead = "CiliumNetworkPolicies in the cluster are not read here";
