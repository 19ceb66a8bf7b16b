import { type ChartRule, needs } from "./rule.ts";
import type { ChartValues } from "./chart-values.ts";

const certificates = [
  { key: "hubble.tls.server", when: () => true },
  { key: "hubble.relay.tls.client", when: (values: ChartValues) => values.is("hubble.relay.enabled") },
  {
    key: "hubble.relay.tls.server",
    when: (values: ChartValues) => values.all("hubble.relay.enabled", "hubble.relay.tls.server.enabled"),
  },
];

export const hubbleRules: readonly ChartRule[] = [
  {
    check: needs(
      "hubble.ui.enabled",
      "hubble.relay.enabled",
      (values) => !values.is("hubble.ui.standalone.enabled"),
    ),
  },
  { check: needs("hubble.relay.enabled", "hubble.enabled") },
  {
    check: (values) =>
      values.all("hubble.ui.enabled", "hubble.ui.standalone.enabled", "hubble.relay.tls.server.enabled") &&
      !values.is("hubble.ui.standalone.tls.certsVolume")
        ? {
            path: values.path("hubble.ui.standalone.tls.certsVolume"),
            message: "Missing: a standalone Hubble UI needs client certificates for a relay with TLS",
            remedy: "name a volume with ca.crt, client.crt and client.key",
          }
        : undefined,
  },
  {
    check: (values) =>
      values.all("hubble.enabled", "hubble.tls.enabled", "hubble.tls.auto.enabled") &&
      values.text("hubble.tls.auto.method") === "certmanager" &&
      !values.is("hubble.tls.auto.certManagerIssuerRef")
        ? {
            path: values.path("hubble.tls.auto.certManagerIssuerRef"),
            message: "Missing: hubble.tls.auto.method certmanager needs an issuer",
            remedy: "name it by group, kind and name, or use the method helm",
          }
        : undefined,
  },
  ...certificates.map(({ key, when }): ChartRule => ({
    check: (values) =>
      values.all("hubble.enabled", "hubble.tls.enabled") &&
      !values.is("hubble.tls.auto.enabled") &&
      when(values) &&
      !values.is(`${key}.existingSecret`) &&
      !values.all(`${key}.cert`, `${key}.key`)
        ? {
            path: values.path("hubble.tls.auto.enabled"),
            message: `false needs a certificate in ${key}`,
            remedy: `set ${key}.cert and key (or existingSecret, from chart 1.16.1 on), or leave the chart to make one`,
          }
        : undefined,
  })),
  {
    since: "1.15.0",
    check: (values) =>
      values.all("hubble.redact.http.headers.allow", "hubble.redact.http.headers.deny")
        ? {
            path: values.path("hubble.redact.http.headers"),
            message: "allow and deny are given together",
            remedy: "keep one of them: headers are shown by allow, or hidden by deny",
          }
        : undefined,
  },
  ...["backend", "frontend"].map((part): ChartRule => {
    const key = `hubble.ui.${part}.image.tag`;
    return {
      check: (values) =>
        values.is("hubble.ui.enabled") && /^v?0\.[0-8](\.|$)/.test(values.text(key))
          ? {
              path: values.path(key),
              message: `Hubble UI ${values.text(key)} is older than 0.9.0, which this chart needs`,
              remedy: "use v0.9.0 or newer, or leave the tag to the chart",
            }
          : undefined,
    };
  }),
];
