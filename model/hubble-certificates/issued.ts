import { X509Certificate } from "node:crypto";
import { dayOf, renewsFrom } from "./lifetime.ts";
import type { Leaf } from "./leaves.ts";

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** All that is made for Hubble; kept in the state as the secret output of a Command. */
export interface Issued {
  /** Signs the leaves. */
  readonly authority: KeyPair;
  /** Will sign them next; trusted already. */
  readonly successor?: KeyPair | undefined;
  /** Certificates of authorities that signed before and may still have leaves about. */
  readonly former: readonly string[];
  readonly leaves: Readonly<Record<string, IssuedLeaf>>;
}

export interface IssuedLeaf extends KeyPair {
  /** What it was asked to be; another wish is another certificate. */
  readonly wish: Leaf;
}

/** Reads what the script printed; undefined for anything else. */
export function parseIssued(text: string | undefined): Issued | undefined {
  try {
    const issued = JSON.parse(text ?? "") as Partial<Issued> | null;
    return issued?.authority && issued.former && issued.leaves ? (issued as Issued) : undefined;
  } catch {
    return undefined;
  }
}

/** All authorities that are to be trusted, one PEM after the other. */
export const trustBundle = ({ authority, successor, former }: Issued): string =>
  [authority.cert, ...(successor ? [successor.cert] : []), ...former]
    .map((pem) => `${pem.trim()}\n`)
    .join("");

/** When a certificate ends. */
export const notAfter = (pem: string): number => new X509Certificate(pem).validToDate.getTime();

/** Days that concern a user; a stack output, so nothing in it is secret. */
export interface Lifetimes {
  /** The day on which the first certificate ends. */
  readonly expires: string;
  /** The first deployment from this day on renews it. */
  readonly renewedFrom: string;
  readonly authorityExpires: string;
}

export function lifetimes({ authority, leaves }: Issued): Lifetimes {
  const first = Math.min(...Object.values(leaves).map(({ cert }) => notAfter(cert)));
  return {
    expires: dayOf(first),
    renewedFrom: dayOf(renewsFrom(first)),
    authorityExpires: dayOf(notAfter(authority.cert)),
  };
}
