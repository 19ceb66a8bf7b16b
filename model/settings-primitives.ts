import { z } from "zod";
import { parseCidr } from "./cidr.ts";

/** A name as Kubernetes wants it: RFC 1123. */
export const dnsLabel = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, "use lower-case letters, digits and -, at most 63 of them");
const labelName = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
/** Labels as the API takes them: a selector with others would be refused in the middle of a deployment. */
export const podLabels = z.record(
  z
    .string()
    .regex(labelName, "write a label's name, such as app or app.kubernetes.io/name, at most 63 characters"),
  z.string().regex(labelValue, "use letters, digits, - _ and . within, at most 63 of them"),
);
/** A network with its prefix length. */
export const cidr = z
  .string()
  .regex(/^[0-9a-fA-F.:]+\/\d{1,3}$/, "write a network with its prefix length, such as 10.244.0.0/16");
/** {@link cidr} that is one. */
export const network = cidr.refine(
  (text) => parseCidr(text) !== undefined,
  "write an address and a prefix length, such as 10.244.0.0/16",
);
/** An amount of memory with its unit. */
export const memory = z
  .string()
  .regex(/^\d+(\.\d+)?\s*([KMGT]i?B?)$/, "write a number with its unit, such as 64GiB");
/** A TCP or UDP port. */
export const port = z.int().min(1).max(65535);
/** Where a Helm chart comes from. */
export const chartSource = (whose: string) =>
  z
    .strictObject({
      repository: z.url().optional().describe(`Helm repository. Default: ${whose}'s official one`),
      path: z.string().min(1).optional().describe("Folder or archive of the chart on this machine"),
      oci: z.string().startsWith("oci://").optional().describe("OCI reference of the chart"),
    })
    .prefault({})
    .describe("Where the chart comes from; one of repository, path, oci");
/** A registry, with a path in it where there is one. */
export const registry = z
  .string()
  .regex(/^[a-z0-9][-a-z0-9.]*(:\d+)?(\/[-a-z0-9._]+)*$/, "write a host, and a path where there is one");
