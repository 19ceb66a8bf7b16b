/** A number that the program chose or assumed, and why. */
export interface Size {
  readonly value: number;
  readonly unit: string;
  /** The formula with its inputs, in words. */
  readonly because: string;
  /** Where the formula or the limit comes from. */
  readonly source: string;
}

/** Source of what this program assumes of a cluster until the settings say better. */
export const assumed = "assumption; set it where you know better";

/** A number that stands in the settings: it wins over every formula. */
export function given(value: number, unit: string, path: string): Size {
  return { value, unit, because: `set by ${path}`, source: "settings" };
}

/** The smallest power of two that is not below a number. */
export function powerOfTwo(atLeast: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, atLeast)));
}

/** The smallest multiple of a step that is not below a number. */
export function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
