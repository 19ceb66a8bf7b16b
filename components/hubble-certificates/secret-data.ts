import { type Issued, trustBundle } from "../../model/hubble-certificates/issued.ts";
import type { Leaf } from "../../model/hubble-certificates/leaves.ts";

/** PEM as a Secret and the chart's values have it. */
const encoded = (pem: string): string => Buffer.from(pem).toString("base64");

/** What the charts' volumes expect in a Secret with a certificate. */
export const secretData = (issued: Issued, { name }: Leaf): Record<string, string> => ({
  "ca.crt": encoded(trustBundle(issued)),
  "tls.crt": encoded(issued.leaves[name]?.cert ?? ""),
  "tls.key": encoded(issued.leaves[name]?.key ?? ""),
});
