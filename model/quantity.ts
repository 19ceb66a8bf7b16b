/** Bytes per suffix: Kubernetes' own (binary `Ki`, decimal `k`), and `K` as people write it. */
const unitBytes = new Map(
  Object.entries({
    "": 1,
    m: 1e-3,
    k: 1e3,
    K: 1e3,
    M: 1e6,
    G: 1e9,
    T: 1e12,
    P: 1e15,
    E: 1e18,
    Ki: 2 ** 10,
    Mi: 2 ** 20,
    Gi: 2 ** 30,
    Ti: 2 ** 40,
    Pi: 2 ** 50,
    Ei: 2 ** 60,
  }),
);

/**
 * Reads an amount of memory: a Kubernetes quantity (`170Mi`, `500M`, `1e9`, plain bytes), or one with
 * a B as the settings have it (`64GiB`, `500 MB`).
 *
 * @param text - a number is taken as bytes
 * @returns bytes, rounded up as Kubernetes does; undefined when it is no amount of memory
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseQuantity(text: string | number): number | undefined {
  if (typeof text === "number") return Number.isFinite(text) && text >= 0 ? Math.ceil(text) : undefined;
  const match = /^\s*\+?(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d{1,2})|\s?(m|[kKMGTPE]i?)?B?)\s*$/.exec(text);
  if (!match) return undefined;
  const [, digits, exponent, suffix = ""] = match;
  const unit = unitBytes.get(suffix);
  if (unit === undefined) return undefined;
  const bytes = exponent === undefined ? Number(digits) * unit : Number(`${digits}e${exponent}`);
  return Number.isFinite(bytes) ? Math.ceil(roundedToMilli(bytes)) : undefined;
}

/** 0.1 × 2^30 and the like miss whole bytes by a rounding error; a quantity is never finer than 1/1000. */
function roundedToMilli(bytes: number): number {
  return bytes < 2 ** 43 ? Math.round(bytes * 1000) / 1000 : bytes;
}

/**
 * Writes bytes as a Kubernetes quantity in MiB, rounded up: `170Mi`.
 * @param bytes - 0 or more
 */
export function formatMebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)}Mi`;
}
