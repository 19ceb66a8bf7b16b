import type { ReleaseContent } from "../live.ts";
import { chartsRead } from "./chart-keys-table.ts";
import { ownTag } from "./chart-keys.ts";
import { ChartValues } from "./chart-rules/index.ts";
import { parseChartVersion } from "./chart-version.ts";

/** What a release pulls. */
export interface ReleaseImages {
  /** Such as quay.io/cilium/cilium:v1.20.2, sorted. Charts also pin digests: mirror all platforms, as they are. */
  readonly images: readonly string[];
  /** Those whose tag is that of an older patch, because this patch is not known here. */
  readonly unsure: readonly string[];
  /** Each by the chart's key that names it. */
  readonly byKey: Readonly<Record<string, string>>;
}

type Condition = (values: ChartValues) => boolean;

const always: Condition = () => true;
const whereOn =
  (...keys: readonly string[]): Condition =>
  (values) =>
    values.all(...keys);
const spire = whereOn("authentication.mutual.spire.enabled", "authentication.mutual.spire.install.enabled");
const mesh: Condition = (values) =>
  values.is("clustermesh.useAPIServer") || values.is("externalWorkloads.enabled");
/** From 1.15 on these are in the API server's image. */
const meshOf114: Condition = (values) => values.version.minor === 14 && mesh(values);

/** Every image of the charts, and when it is used. */
const images: readonly (readonly [path: string, isUsed: Condition])[] = [
  ["image", always],
  ["operator.image", whereOn("operator.enabled")],
  ["envoy.image", (values) => runsEnvoy(values) && !values.is("preflight.enabled")],
  ["hubble.relay.image", whereOn("hubble.relay.enabled")],
  ["hubble.ui.frontend.image", whereOn("hubble.ui.enabled")],
  ["hubble.ui.backend.image", whereOn("hubble.ui.enabled")],
  ["certgen.image", makesCertificates],
  ["clustermesh.apiserver.image", mesh],
  ["clustermesh.apiserver.etcd.image", meshOf114],
  [
    "clustermesh.apiserver.kvstoremesh.image",
    (values) => meshOf114(values) && values.is("clustermesh.apiserver.kvstoremesh.enabled"),
  ],
  ["nodeinit.image", whereOn("nodeinit.enabled")],
  ["preflight.image", whereOn("preflight.enabled")],
  ["preflight.envoy.image", (values) => values.is("preflight.enabled") && runsEnvoy(values)],
  ["etcd.image", whereOn("etcd.managed")],
  ["authentication.mutual.spire.install.initImage", spire],
  ["authentication.mutual.spire.install.agent.image", spire],
  ["authentication.mutual.spire.install.server.image", spire],
  [
    "encryption.ztunnel.image",
    (values) => values.is("encryption.enabled") && values.text("encryption.type") === "ztunnel",
  ],
  ["standaloneDnsProxy.image", whereOn("standaloneDnsProxy.enabled")],
];

/**
 * Lists the images that a release pulls, for a registry that mirrors them. SPIRE's of chart 1.14, which names
 * them in its templates, are not among them.
 * @returns undefined for a chart that is not known
 */
export function releaseImages({ chartVersion, values }: ReleaseContent): ReleaseImages | undefined {
  const version = parseChartVersion(chartVersion);
  if (!version) return undefined;
  const chart = new ChartValues(values, version, {}, new Map());
  const used = images
    .filter(([, isUsed]) => isUsed(chart))
    .map(([path]) => ({ path, ...imageAt(path, chart, chartVersion) }))
    .filter(({ image }) => image !== "");
  const names = (some: typeof used): string[] => [...new Set(some.map(({ image }) => image))].sort();
  const isKnown = chartsRead.split(" ").includes(chartVersion);
  return {
    images: names(used),
    unsure: isKnown ? [] : names(used.filter(({ isOwn }) => !isOwn)),
    byKey: Object.fromEntries(used.map(({ path, image }) => [path, image])),
  };
}

/** An image, and whether its tag follows from the chart's version or from the values. */
function imageAt(path: string, values: ChartValues, version: string): { image: string; isOwn: boolean } {
  const override = values.text(`${path}.override`);
  if (override !== "") return { image: override, isOwn: true };
  const repository = values.text(`${path}.repository`);
  if (repository === "") return { image: "", isOwn: true };
  const flavour = path === "operator.image" ? `-${cloud(values)}${values.text(`${path}.suffix`)}` : "";
  const tag = values.text(`${path}.tag`);
  const isOwn = tag === ownTag || tag === "";
  return { image: `${repository}${flavour}${tag === "" ? "" : `:${isOwn ? `v${version}` : tag}`}`, isOwn };
}

/** Which operator runs. @see the charts' cilium-operator/_helpers.tpl */
function cloud(values: ChartValues): string {
  if (values.is("eni.enabled")) return "aws";
  if (values.is("azure.enabled")) return "azure";
  return values.is("alibabacloud.enabled") ? "alibabacloud" : "generic";
}

/** Whether Envoy has a DaemonSet. From 1.16 on it has, unless the cluster began before. */
function runsEnvoy(values: ChartValues): boolean {
  if (values.version.minor < 16) return values.is("envoy.enabled");
  if (!values.is("l7Proxy")) return false;
  if (values.at("envoy.enabled") !== undefined) return values.is("envoy.enabled");
  return !/^1\.(\d|1[0-5])(\.|$)/.test(values.text("upgradeCompatibility"));
}

function makesCertificates(values: ChartValues): boolean {
  const byJob = (auto: string): boolean =>
    values.is(`${auto}.enabled`) && values.text(`${auto}.method`) === "cronJob";
  return (
    (values.all("hubble.enabled", "hubble.tls.enabled") && byJob("hubble.tls.auto")) ||
    (mesh(values) && byJob("clustermesh.apiserver.tls.auto"))
  );
}
