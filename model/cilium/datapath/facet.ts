import type { EffectiveValues } from "./effective.ts";

/** One way in which the datapath can behave, and what a change of it does to traffic that runs. */
export interface Facet {
  /** Its name in reports. */
  readonly what: string;
  /** Chart values that decide it; none where the version alone does. */
  readonly keys: readonly string[];
  /** How it behaves under these values, in words: equal words mean that nothing changes. */
  readonly of: (values: EffectiveValues) => string;
  /** What the change does; undefined when running traffic does not notice. */
  readonly change: (from: string, to: string) => Impact | undefined;
  /** Where this is known from. */
  readonly source: string;
}

/** What a change does to traffic. Texts start in lower case and have no final period. */
export interface Impact {
  /** Which traffic. */
  readonly traffic: string;
  /** What happens to it, and why. */
  readonly why: string;
  /** How long it lasts. */
  readonly lasts: string;
  /** Whether somebody must agree: traffic that flows would be cut, or traffic that is denied would pass. */
  readonly needsConsent: boolean;
}

/** An impact that breaks traffic, whichever way the change goes. */
export const breaks =
  (traffic: string, why: string, lasts: string): Facet["change"] =>
  () => ({ traffic, why, lasts, needsConsent: true });

/** An impact of switching a feature off only: what it did is gone. */
export const missedWhenOff =
  (traffic: string, why: string, lasts: string): Facet["change"] =>
  (_, to) =>
    to === "off" ? { traffic, why, lasts, needsConsent: true } : undefined;

/** The words of a switch. */
export const onOff = (on: boolean): "on" | "off" => (on ? "on" : "off");

export const untilReconnect = "until the clients connect again; on each node once, when its agent restarts";
export const untilRolled = "until the agents of all nodes have restarted";
export const untilRecreated = "until every pod has been recreated";
export const asLongAsSet = "as long as it is set so";
