import { generateKeyPairSync, randomBytes } from "node:crypto";
import { parse, stringify } from "yaml";
import type { Access } from "./api.ts";

/** A bearer token that nobody guesses. */
export const randomToken = (): string => randomBytes(32).toString("base64url");

/** The API server's static token file: the one token there is belongs to cluster administrators. */
export const tokenFile = (token: string): string => `${token},sandbox-admin,sandbox-admin,"system:masters"\n`;

/** The key pair that signs service account tokens. Elliptic, because an RSA pair takes longer than etcd's start. */
export function serviceAccountKeys(): { readonly privateKey: string; readonly publicKey: string } {
  return generateKeyPairSync("ec", {
    namedCurve: "P-256",
    privateKeyEncoding: { type: "sec1", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
}

/** The certificates a client trusts: their text, or the path of a file that need not exist yet. */
export type Authority = { readonly pem: string } | { readonly file: string };

/** The text of a kubeconfig with one cluster, one user and one context, all called `context`. */
export function kubeconfig(context: string, server: string, token: string, authority: Authority): string {
  const trust =
    "pem" in authority
      ? { "certificate-authority-data": Buffer.from(authority.pem).toString("base64") }
      : { "certificate-authority": authority.file };
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: context, cluster: { server, ...trust } }],
    users: [{ name: context, user: { token } }],
    contexts: [{ name: context, context: { cluster: context, user: context } }],
    "current-context": context,
  });
}

/** How to reach the cluster of a kubeconfig that was written here. */
export function accessOf(text: string): Access {
  const { clusters, users } = parse(text) as {
    clusters: [{ cluster: { server: string; "certificate-authority-data": string } }];
    users: [{ user: { token: string } }];
  };
  const { cluster } = clusters[0];
  const authority = Buffer.from(cluster["certificate-authority-data"], "base64").toString();
  return { server: cluster.server, token: users[0].user.token, authority };
}
