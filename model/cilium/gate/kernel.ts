/** Numbers of a version, the largest first. */
export type Version = readonly number[];

/** A kernel by its release, as `uname -r` tells it. */
export interface Kernel {
  readonly version: Version;
  /** Red Hat's own kernel, which has features of much newer ones under its old number. */
  readonly redHat?: { readonly major: number; readonly build: number } | undefined;
}

/** Kernels of RHEL and of all that are built from it. Others for the same systems go by their number. */
const redHat = /^(?:3\.10|4\.18|5\.14|6\.12)\.0-(\d+)\b.*\.el(\d+)(?!.*(?:elrepo|uek))/;

/** Reads a kernel's release, such as 5.15.0-91-generic; a setting may name only 5.15. */
export function parseKernel(release: string): Kernel {
  const [, build, major] = redHat.exec(release) ?? [];
  return {
    version: versionOf(release),
    redHat: major === undefined ? undefined : { major: Number(major), build: Number(build) },
  };
}

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

/** Whether a declared version holds for a live one, as far as it says anything: 5.15 is true of 5.15.0-91. */
export function agrees(declared: string, live: string): boolean {
  const wanted = versionOf(declared);
  return compareVersions(wanted, versionOf(live).slice(0, wanted.length)) === 0;
}
