import { PolicyPack } from "@pulumi/policy";
import { createPolicies } from "./policies.ts";
import { RULES } from "./rules/index.ts";

new PolicyPack("cluster-network", {
  displayName: "Cluster network",
  description: "Stops a bad Kubernetes network at preview",
  policies: createPolicies(RULES),
});
