import { z } from "zod";
import { isGoRegex } from "./go-regex.ts";
import { dnsLabel, podLabels, port } from "./settings-primitives.ts";

const requestRegex = z
  .string()
  .min(1)
  .refine(isGoRegex, "write a regular expression as RE2 has it: no lookahead, no back reference");
const protocol = z.enum(["TCP", "UDP", "SCTP"]);

const workload = z.strictObject({
  name: dnsLabel.describe("Name of the workload"),
  labels: podLabels
    .optional()
    .describe("Labels of its pods. Default: app.kubernetes.io/name with the workload's name"),
  ports: z
    .record(
      dnsLabel.max(15, "port names have at most 15 characters"),
      z.union([port, z.strictObject({ port, protocol: protocol.default("TCP") })]),
    )
    .default({})
    .describe("Container ports by name: a number (TCP), or port and protocol"),
  stateful: z
    .boolean()
    .default(false)
    .describe("A StatefulSet, whose pods have names of their own: its Service is headless"),
  replicas: z
    .int()
    .min(0)
    .max(100_000)
    .optional()
    .describe("How many pods it has, for who reads this: nothing follows from it. Default: not known"),
  serviceAccount: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, "use lower-case letters, digits, - and .")
    .optional()
    .describe("Account its pods run under; policies of Cilium's dialect select by it, too"),
  service: z
    .enum(["auto", "none", "headless", "clusterIP"])
    .default("auto")
    .describe(
      "The Service in front of it. auto: one with its ports where a flow ends at it, headless for a stateful workload",
    ),
});

const end = (what: string) =>
  z
    .union([
      z.string().min(1),
      z.strictObject({
        namespace: dnsLabel.optional().describe("Namespace of pods. Default: the one that declares the flow"),
        labels: podLabels.optional().describe("Labels of pods that no workload declares"),
        cidr: z.string().min(1).optional().describe("Range of addresses outside of the cluster"),
        except: z.array(z.string().min(1)).optional().describe("Ranges within cidr that are not meant"),
      }),
    ])
    .describe(
      `${what}: a workload (name, or namespace/name), namespace/* or * for every pod there, a range such as 203.0.113.0/24, a name such as api.example.com (Cilium), api-server, ingress-controller, monitoring, nodes, internet, or an object`,
    );

const flowPort = z.union([port, z.string().min(1)]);

const flow = z.union([
  z.string().min(1).describe('Short form, such as "api-gateway -> api-backend:http"'),
  z.strictObject({
    from: end("Who connects"),
    to: end("Who answers"),
    port: z
      .union([port, z.string().min(1), z.array(flowPort).min(1)])
      .optional()
      .describe(
        "Port of who answers: its name, a number, a range such as 8000-8100, 53/UDP, any, or a list. Default: every port that the workload declares; the API server's",
      ),
    protocol: protocol
      .optional()
      .describe("Protocol of ports given by number. Default: the declared one, or TCP"),
    http: z
      .array(
        z.strictObject({
          method: z
            .string()
            .regex(/^[A-Z]+$/, "write a method in capitals, such as GET")
            .optional()
            .describe("Method. Default: every one"),
          path: requestRegex
            .optional()
            .describe("Regular expression for the whole path. Default: every path"),
          host: requestRegex.optional().describe("Regular expression for the host. Default: every host"),
        }),
      )
      .min(1)
      .optional()
      .describe("Requests that may pass, no others; Cilium with its proxy. Default: whatever is sent"),
  }),
]);

export const namespace = z.strictObject({
  name: dnsLabel.describe("Name of the namespace"),
  create: z
    .boolean()
    .default(false)
    .describe(
      "Create it. It must not exist yet, and it stays when the stack goes. Default: it exists already",
    ),
  stage: z
    .enum(["observe", "audit", "enforce"])
    .default("enforce")
    .describe(
      "observe writes nothing and reports what enforcement would break; audit deploys, and denials are only logged (the whole cluster's: policies.auditWholeCluster); enforce denies",
    ),
  acceptUnexplainedPods: z
    .boolean()
    .default(false)
    .describe("Enforce although pods run there that no flow explains; the preview lists them"),
  workloads: z.array(workload).default([]).describe("What runs there, as far as flows name it"),
  flows: z.array(flow).default([]).describe("Who talks to whom; everything else is denied, DNS excepted"),
});
