import { atPath } from "../../tree.ts";
import { chartKey } from "../chart-keys.ts";
import type { ChartVersion } from "../chart-version.ts";
import type { Values } from "../merge-values.ts";

/** A release's values as the chart's templates see them: with its defaults below. */
export class ChartValues {
  readonly version: ChartVersion;
  readonly #values: Values;
  readonly #optionOf: ReadonlyMap<string, string>;
  readonly #own: Values;

  /**
   * @param values - all that is given to the chart
   * @param own - those of them that a person wrote into `cilium.values`
   * @param optionOf - the settings key behind each other one
   */
  constructor(values: Values, version: ChartVersion, own: Values, optionOf: ReadonlyMap<string, string>) {
    this.#values = values;
    this.version = version;
    this.#own = own;
    this.#optionOf = optionOf;
  }

  /** What is given, else the chart's default. */
  at(key: string): unknown {
    return atPath(this.#values, key) ?? chartKey(key.split("."), this.version)?.default;
  }

  /** Whether a template's `if` holds: anything but nothing, false, 0, "" and the empty list or object. */
  is(key: string): boolean {
    const value = this.at(key);
    if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
    return Boolean(value);
  }

  all(...keys: readonly string[]): boolean {
    return keys.every((key) => this.is(key));
  }

  text(key: string): string {
    const value = this.at(key);
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? String(value)
      : "";
  }

  /** The settings key that decides a key of the chart. */
  path(key: string): string {
    const option = atPath(this.#own, key) === undefined ? this.#optionOf.get(key) : undefined;
    return option ?? `cilium.values.${key}`;
  }
}
