import type { Rule } from "../rule.ts";
import { covBlind } from "./cov-blind.ts";
import { dnsCache } from "./dns-cache.ts";
import { npDeny } from "./np-deny.ts";
import { svcNodePort } from "./svc-nodeport.ts";

/** All rules of the pack. COV-BLIND stands last: it reports what those before it left open. */
export const RULES: readonly Rule[] = [svcNodePort, npDeny, dnsCache, covBlind];
