import { z } from "zod";

/** A name as Kubernetes wants it: RFC 1123. */
export const dnsLabel = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, "use lower-case letters, digits and -, at most 63 of them");
/** A network with its prefix length. */
export const cidr = z
  .string()
  .regex(/^[0-9a-fA-F.:]+\/\d{1,3}$/, "write a network with its prefix length, such as 10.244.0.0/16");
/** An amount of memory with its unit. */
export const memory = z
  .string()
  .regex(/^\d+(\.\d+)?\s*([KMGT]i?B?)$/, "write a number with its unit, such as 64GiB");
/** A TCP or UDP port. */
export const port = z.int().min(1).max(65535);
