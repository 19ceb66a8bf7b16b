import type { V1Secret } from "@kubernetes/client-node";
import { notAfter } from "../model/hubble-certificates/issued.ts";
import { generationAnnotation, type LiveCertificate } from "../model/live.ts";

/** What a Secret tells of the certificate in it; its private key is not looked at. */
export function liveCertificate({ metadata, data }: V1Secret): LiveCertificate {
  const generation = Number(metadata?.annotations?.[generationAnnotation]);
  return {
    namespace: metadata?.namespace,
    name: metadata?.name ?? "",
    labels: metadata?.labels ?? {},
    notAfter: endOf(data?.["tls.crt"]),
    generation: Number.isSafeInteger(generation) && generation > 0 ? generation : undefined,
  };
}

function endOf(encoded: string | undefined): number | undefined {
  try {
    return encoded === undefined ? undefined : notAfter(Buffer.from(encoded, "base64").toString());
  } catch {
    return undefined;
  }
}
