/** The versions that fit: `atLeast` and everything up to, but not with, `below`. */
export interface VersionRange {
  readonly atLeast: string;
  readonly below: string;
}

/** The first three-part version in a text, without a leading "v"; undefined when there is none. */
export function findVersion(text: string): string | undefined {
  return /\d+\.\d+\.\d+/.exec(text)?.[0];
}

/**
 * Orders versions by their numeric parts; missing parts count as 0, a pre-release
 * suffix is not looked at.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** True when the version lies in the range. */
export function isWithin(version: string, range: VersionRange): boolean {
  return compareVersions(version, range.atLeast) >= 0 && compareVersions(version, range.below) < 0;
}

function parts(version: string): number[] {
  return (/\d+(\.\d+)*/.exec(version)?.[0] ?? "0").split(".").map(Number);
}
