/** Minor versions 3.x of the chart whose keys are known here. */
export const knownMinors = { from: 28, to: 32 } as const;

/** The first chart without the definitions (CRDs) of its objects; its README says how to bring them. */
const firstWithoutCrds = 32;

/** The x of v3.x.y; undefined for a chart that is not known here. */
export function calicoMinor(version: string): number | undefined {
  const minor = Number(/^v?3\.(\d+)\.\d+$/.exec(version)?.[1]);
  return minor >= knownMinors.from && minor <= knownMinors.to ? minor : undefined;
}

/** Whether the chart brings the CRDs along. */
export const bringsCrds = (version: string): boolean => (calicoMinor(version) ?? 0) < firstWithoutCrds;
