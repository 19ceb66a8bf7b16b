/** A number that the program chose, and why. */
export interface Size {
  readonly value: number;
  readonly unit: string;
  /** The formula with its inputs, in words. */
  readonly because: string;
  /** Where the formula or the limit comes from. */
  readonly source: string;
}
