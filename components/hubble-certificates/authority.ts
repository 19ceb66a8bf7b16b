import { randomBytes, webcrypto, X509Certificate } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Extension, PublicKey } from "@peculiar/x509";
import {
  announcedDays,
  authorityDays,
  day,
  leafDays,
  renewsFrom,
  skewMs,
  successorDays,
} from "../../model/hubble-certificates/lifetime.ts";
import {
  type Issued,
  type IssuedLeaf,
  type KeyPair,
  notAfter,
} from "../../model/hubble-certificates/issued.ts";
import type { Leaf } from "../../model/hubble-certificates/leaves.ts";

/** As short as TLS 1.2 and 1.3 both know them, and quick to make. */
const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/**
 * Certificates for these leaves: kept are those that are as wanted and not due, the others are made anew.
 * @param before - what was issued last
 * @param now - the moment, in milliseconds
 */
export async function issue(
  leaves: readonly Leaf[],
  before: Issued | undefined,
  now: number,
): Promise<Issued> {
  const signing = before ? await nextAuthority(before, now) : await firstAuthority(now);
  const made: Record<string, IssuedLeaf> = {};
  for (const wish of leaves) {
    const old = before?.leaves[wish.name];
    const keeps = old && isDeepStrictEqual(old.wish, wish) && now < renewsFrom(notAfter(old.cert));
    made[wish.name] = keeps ? old : { ...(await signedLeaf(wish, signing.authority, now)), wish };
  }
  return { ...signing, leaves: made };
}

type Signing = Omit<Issued, "leaves">;

const firstAuthority = async (now: number): Promise<Signing> => ({
  authority: await newAuthority(now),
  former: [],
});

/** The authority that signs now: the same, or the successor that everybody trusts for long. */
async function nextAuthority({ authority, successor, former }: Issued, now: number): Promise<Signing> {
  const stillGood = former.filter((pem) => now < notAfter(pem));
  const left = notAfter(authority.cert) - now;
  if (left >= successorDays * day) return { authority, former: stillGood };
  const isAnnounced =
    successor !== undefined &&
    now >= new X509Certificate(successor.cert).validFromDate.getTime() + skewMs + announcedDays * day;
  const tooShort = left < leafDays * day;
  if (!isAnnounced && !tooShort)
    return { authority, successor: successor ?? (await newAuthority(now)), former: stillGood };
  return {
    authority: successor ?? (await newAuthority(now)),
    former: [...stillGood, ...(left > 0 ? [authority.cert] : [])],
  };
}

async function newAuthority(now: number): Promise<KeyPair> {
  const { BasicConstraintsExtension, KeyUsageFlags, KeyUsagesExtension } = await library();
  const keys = await newKeys();
  return certificate({
    subject: "CN=cluster-network Hubble CA",
    issuer: "CN=cluster-network Hubble CA",
    from: now,
    until: now + authorityDays * day,
    keys,
    signingKey: keys.privateKey,
    authorityKey: keys.publicKey,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
}

async function signedLeaf(leaf: Leaf, authority: KeyPair, now: number): Promise<KeyPair> {
  const x509 = await library();
  const issuer = new x509.X509Certificate(authority.cert);
  const keys = await newKeys();
  const names = [
    ...leaf.dnsNames.map((value) => ({ type: "dns" as const, value })),
    ...leaf.ipAddresses.map((value) => ({ type: "ip" as const, value })),
  ];
  return certificate({
    subject: [{ CN: [leaf.commonName] }],
    issuer: issuer.subject,
    from: now,
    // Nothing outlives what it is signed by.
    until: Math.min(now + leafDays * day, issuer.notAfter.getTime()),
    keys,
    signingKey: await readKey(authority.key),
    authorityKey: issuer.publicKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([
        leaf.usage === "server" ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth,
      ]),
      new x509.SubjectAlternativeNameExtension(names),
    ],
  });
}

interface Content {
  readonly subject: string | { CN: string[] }[];
  readonly issuer: string;
  readonly from: number;
  readonly until: number;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly signingKey: webcrypto.CryptoKey;
  readonly authorityKey: webcrypto.CryptoKey | PublicKey;
  readonly extensions: Extension[];
}

async function certificate(content: Content): Promise<KeyPair> {
  const {
    X509CertificateGenerator,
    AuthorityKeyIdentifierExtension,
    SubjectKeyIdentifierExtension,
    PemConverter,
  } = await library();
  const { subject, issuer, from, until, keys, signingKey, authorityKey, extensions } = content;
  const made = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject,
    issuer,
    notBefore: new Date(from - skewMs),
    notAfter: new Date(until),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    extensions: [
      ...extensions,
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(authorityKey),
    ],
  });
  const key = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { cert: `${made.toString("pem")}\n`, key: `${PemConverter.encode(key, "PRIVATE KEY")}\n` };
}

/** A positive number of 127 bits that nobody can guess. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}

const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);

async function readKey(pem: string): Promise<webcrypto.CryptoKey> {
  const { PemConverter } = await library();
  return webcrypto.subtle.importKey("pkcs8", PemConverter.decodeFirst(pem), algorithm, false, ["sign"]);
}

/** By import(), which Node answers itself: see cluster-client.ts. */
async function library() {
  await import("reflect-metadata");
  return import("@peculiar/x509");
}
