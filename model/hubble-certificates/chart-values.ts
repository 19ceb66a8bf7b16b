import { chartKey } from "../cilium/chart-keys.ts";
import { parseChartVersion } from "../cilium/chart-version.ts";
import { mergeValues, type Values } from "../cilium/merge-values.ts";
import { nested } from "../cilium/merge-values.ts";
import type { EffectiveValues } from "../cilium/datapath/index.ts";
import { chartsSecret, type Leaf, secretName } from "./leaves.ts";

/** Parts of a certificate as a chart's value: PEM in base64, as they stand in a Secret. */
export interface EncodedParts<T> {
  readonly cert: (leaf: Leaf) => T;
  readonly key: (leaf: Leaf) => T;
  readonly authorities: T;
}

/** Whether the chart mounts Secrets that it did not make; before 1.16.1 it knows no name but its own. */
export function takesSecrets(chart: string): boolean {
  const version = parseChartVersion(chart);
  return (
    version !== undefined && chartKey(["hubble", "tls", "server", "existingSecret"], version) !== undefined
  );
}

/**
 * Values that hand the certificates to the chart and turn its own making of them off: by the name of our
 * Secret, or whole where the chart knows no name but its own.
 */
export function certificateValues<T>(leaves: readonly Leaf[], chart: string, parts: EncodedParts<T>): Values {
  const bySecret = takesSecrets(chart);
  const ofLeaf = (leaf: Leaf): Values =>
    bySecret ? { existingSecret: secretName(leaf.name) } : { cert: parts.cert(leaf), key: parts.key(leaf) };
  return [
    nested("hubble.tls.auto.enabled", false),
    ...(bySecret ? [] : [nested("tls.ca.cert", parts.authorities)]),
    ...leaves.flatMap((leaf) => leaf.takers.map((key) => nested(key, ofLeaf(leaf)))),
  ].reduce(mergeValues);
}

/** Those of the {@link certificateValues} that are known before any certificate is made: the Secrets' names. */
export function secretReferences(leaves: readonly Leaf[], chart: string): Values {
  const whole = () => undefined;
  return takesSecrets(chart)
    ? certificateValues(leaves, chart, { cert: whole, key: whole, authorities: undefined })
    : {};
}

/** The Secret that agents mount; another one is another pod template, so it restarts them. */
export const agentsSecret = (values: EffectiveValues): string | undefined =>
  values.isOn("hubble.enabled") && values.isOn("hubble.tls.enabled")
    ? values.text("hubble.tls.server.existingSecret") || chartsSecret
    : undefined;
