import { unknown } from "../harness.ts";
import { bucket, configMap, service } from "../objects.ts";
import type { RuleCase } from "./rule-case.ts";

const corefile = (cache: string): string =>
  `.:53 {\n    errors\n    forward . /etc/resolv.conf\n    ${cache}\n}\n`;
const HALVES = (success: string, denial = "9984 5"): string =>
  corefile(`cache 30 {\n        success ${success}\n        denial ${denial}\n    }`);

export const dnsCacheCases: readonly RuleCase[] = [
  { kind: "pass", title: "cache 30", resources: [configMap("coredns", { Corefile: corefile("cache 30") })] },
  {
    kind: "pass",
    title: "no cache at all",
    resources: [configMap("coredns", { Corefile: corefile("loop") })],
  },
  {
    kind: "pass",
    title: "a ConfigMap without a Corefile",
    resources: [configMap("app", { "app.conf": "a = 1" })],
  },
  {
    kind: "pass",
    title: "a larger cache with the memory for it",
    resources: [configMap("coredns", { Corefile: HALVES("60000 30") })],
    config: { memoryLimit: "1Gi" },
  },
  {
    kind: "pass",
    title: "an exempt ConfigMap",
    resources: [configMap("coredns", { Corefile: HALVES("9999999 30") })],
    config: { exempt: [{ object: "kube-system/coredns", reason: "a resolver for load tests" }] },
  },
  {
    kind: "fail",
    title: "a capacity with zeros too many",
    resources: [configMap("coredns", { Corefile: HALVES("9999999 30") })],
    says: [
      /^ConfigMap kube-system\/coredns, Corefile:5:17: Capacity 9999999 of success is over the limit of 65536/,
      /Full caches take .* of the memory limit of 170Mi/,
    ],
    at: ["coredns", "coredns"],
  },
  {
    kind: "fail",
    title: "a patch with a TTL for a day",
    resources: [configMap("coredns", { Corefile: HALVES("9984 86400") }, "ConfigMapPatch")],
    says: [
      /^ConfigMapPatch kube-system\/coredns, Corefile:5:\d+: TTL 86400 s of success is over the limit of 3600 s/,
    ],
  },
  {
    kind: "fail",
    title: "limits of one's own",
    resources: [configMap("coredns", { Corefile: HALVES("9984 60") })],
    config: { maxEntries: 2048, maxSuccessTtlSeconds: 30 },
    says: [
      /Capacity 9984 of success is over the limit of 2048/,
      /Capacity 9984 of denial/,
      /TTL 60 s of success/,
    ],
  },
  {
    kind: "fail",
    title: "a Corefile that does not load",
    resources: [configMap("coredns", { Corefile: corefile("health { lameduck 5s }") })],
    says: [/Corefile:4:/],
  },
  {
    kind: "fail",
    title: "a broken Corefile beside one that is not known",
    resources: [configMap("coredns-custom", { "a.server": unknown, "b.server": HALVES("-1 30") })],
    says: [/b.server:5:17: Capacity -1 of success bounds nothing/],
    open: [/`data.a.server` is not known yet/],
  },
  {
    kind: "unknown",
    title: "an unknown Corefile",
    resources: [configMap("coredns", { Corefile: unknown })],
    open: [/^ConfigMap kube-system\/coredns: `data.Corefile` is not known yet/],
  },
  {
    kind: "unknown",
    title: "unknown data of a ConfigMap for DNS, but not of another",
    resources: [configMap("coredns", unknown), configMap("app", unknown)],
    open: [/^ConfigMap kube-system\/coredns: `data` is not known yet/],
  },
  { kind: "not-applicable", title: "other resources", resources: [bucket, service("web", {})] },
];
