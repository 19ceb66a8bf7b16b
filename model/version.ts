/** Numbers of a version, the largest first. */
export type Version = readonly number[];

/** The leading numbers of a version, three at most; a leading v is left out. */
export function versionOf(text: string): Version {
  const [, numbers = ""] = /^v?(\d+(?:\.\d+){0,2})/.exec(text) ?? [];
  return numbers === "" ? [] : numbers.split(".").map(Number);
}

/** Negative where `a` is older than `b`; numbers that are not given count as 0. */
export function compareVersions(a: Version, b: Version): number {
  for (let i = 0; i < 3; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
