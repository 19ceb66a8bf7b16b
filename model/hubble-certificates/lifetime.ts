/** Milliseconds of a day. */
export const day = 24 * 3600 * 1000;

/** How long a leaf is good for: a year, as the chart's own are from 1.17 on. */
export const leafDays = 365;

/** A leaf is renewed when so little is left: a quarter of a year is enough for a stack to be deployed. */
export const renewDays = 90;

/** How long an authority is good for. Its key never leaves the state, and each exchange is a risk. */
export const authorityDays = 3650;

/**
 * An authority with less left gets a successor, which is trusted a leaf's time before it signs: two lives of
 * a leaf, so that the old one can sign one more leaf and outlive it.
 */
export const successorDays = 2 * leafDays;

/** Clocks of nodes may be late: a certificate is good from so long before it was made. */
export const skewMs = 3600 * 1000;

/** A successor that was announced so long ago is known everywhere: kubelets bring Secrets in minutes. */
export const announcedDays = 1;

/** The moment from which on a certificate is renewed. */
export const renewsFrom = (notAfter: number): number => notAfter - renewDays * day;

/** A moment's day, such as 2027-11-26. */
export const dayOf = (moment: number): string => new Date(moment).toISOString().slice(0, 10);
