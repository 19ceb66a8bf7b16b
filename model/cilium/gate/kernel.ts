import { compareVersions, type Version, versionOf } from "../../version.ts";

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

/** Whether a declared version holds for a live one, as far as it says anything: 5.15 is true of 5.15.0-91. */
export function agrees(declared: string, live: string): boolean {
  const wanted = versionOf(declared);
  return compareVersions(wanted, versionOf(live).slice(0, wanted.length)) === 0;
}
