import type { ChartVersion } from "./chart-version.ts";
import { isPlainObject, type Values } from "./merge-values.ts";

/** From here on Go prints a number as 1.048576e+06, which the agent does not read. */
const exponentFrom = 1_000_000;

/**
 * Whether the chart prints map sizes from a million on as the agent reads them.
 * @see https://github.com/cilium/cilium/issues/34010, mended in 1.16.8, 1.17.2 and 1.18.0
 */
const printsLargeNumbers = ({ minor, patch }: ChartVersion): boolean =>
  minor >= 18 || (minor === 17 && patch >= 2) || (minor === 16 && patch >= 8);

/**
 * Gives map sizes from a million on as text to a chart that would print the number with an
 * exponent. The charts of 1.16 and later have a schema that takes numbers only, so there
 * the number stays, and `printed` tells what becomes of it.
 */
export function withPrintableSizes(values: Values, version: ChartVersion | undefined): Values {
  if (!version || version.minor >= 16 || !isPlainObject(values.bpf)) return values;
  const bpf = Object.entries(values.bpf).map(([key, value]) => [key, isLarge(value) ? String(value) : value]);
  return { ...values, bpf: Object.fromEntries(bpf) as Values };
}

/** A value as the chart writes it into the ConfigMap. */
export function printed(value: unknown, version: ChartVersion): string {
  if (!isLarge(value) || printsLargeNumbers(version)) return String(value);
  return value.toExponential().replace(/e\+(\d)$/, "e+0$1");
}

const isLarge = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && Math.abs(value) >= exponentFrom;
