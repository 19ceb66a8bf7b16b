/** Seconds per unit of Go's `time.ParseDuration`. */
const unitSeconds: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6, // micro sign
  μs: 1e-6, // Greek mu
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** Reads a whole number as Go's `strconv.Atoi` does: a sign and digits; undefined otherwise. */
export function goInteger(text: string): number | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = Number(text);
  return Math.abs(value) < 2 ** 63 ? value : undefined;
}

/**
 * Reads a duration as Go's `time.ParseDuration` does: `30s`, `1h30m`, `1.5h`, `0`.
 * @returns seconds; undefined when it is none, such as `30` without a unit
 */
export function goDuration(text: string): number | undefined {
  const [, sign, rest = ""] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  if (rest === "0") return 0;
  if (!/^((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/.test(rest)) return undefined;
  let seconds = 0;
  for (const [, number, unit = ""] of rest.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    seconds += Number(number) * (unitSeconds[unit] ?? Number.NaN);
  }
  return sign === "-" ? -seconds : seconds;
}
