import { releaseImages } from "./cilium/images.ts";
import type { Values } from "./cilium/merge-values.ts";
import { settledValues } from "./cilium/values.ts";
import { firstFew } from "./live-nodes.ts";
import { nodeTuningImage } from "./node-tuning.ts";
import type { Problem } from "./problem.ts";
import type { Settings } from "./settings.ts";

/** An image as the nodes pull it, and where a mirror gets it from: the same name where there is no mirror. */
export interface PulledImage {
  readonly image: string;
  readonly source: string;
}

/** What a stack has nodes pull. */
export interface Images {
  /** Sorted, each once. */
  readonly pulled: readonly PulledImage[];
  /** Those whose tag may be another one in this chart. */
  readonly unsure: readonly string[];
  /** Whose images are not among them. */
  readonly lacking: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/**
 * The images of a stack, for a registry that mirrors them; all but Calico's.
 * @param values - of the release; default: as far as the settings alone decide them
 */
export function stackImages(settings: Settings, values?: Values): Images {
  const { cilium, calico, nodeTuning } = settings;
  const registry = settings[settings.datapath].imageRegistry;
  const ofChart = (given: Values) => releaseImages({ chartVersion: cilium.version, values: given });
  const release = cilium.enabled ? ofChart(values ?? settledValues(cilium)) : undefined;
  // Without the mirror the same keys name the same images where upstream has them.
  const upstream = ofChart(settledValues({ ...cilium, imageRegistry: undefined }))?.byKey ?? {};
  const found = Object.entries(release?.byKey ?? {}).map(([key, image]) => ({
    image,
    source: upstream[key] ?? image,
  }));
  if (nodeTuning.enabled) {
    const { image } = nodeTuning;
    const isOurs = image === mirrored(registry, nodeTuningImage);
    found.push({ image, source: isOurs ? nodeTuningImage : image });
  }
  const unsure = release?.unsure ?? [];
  return {
    pulled: [...new Map(found.map((one) => [one.image, one])).values()].sort((a, b) =>
      a.image < b.image ? -1 : 1,
    ),
    unsure,
    lacking: calico.enabled ? [calicosOwn] : [],
    warnings: registry === undefined ? [] : mirrorWarnings(settings, registry, unsure),
  };
}

/** @see docs.tigera.io, "Configure use of your image registry" */
const calicosOwn: Problem = {
  path: "calico",
  message: "Its images are not listed, for its operator alone knows them",
  remedy:
    "to mirror them, copy the operator's image, and what it prints when it is run with --print-images=list (docs/operations.md)",
};

/** An image under its own path in a registry. */
const mirrored = (registry = "", image: string): string =>
  `${registry}/${image.replace(/^[^/]*[.:][^/]*\//, "")}`;

function mirrorWarnings(
  { datapath, cilium, nodeTuning }: Settings,
  registry: string,
  unsure: readonly string[],
): Problem[] {
  const found: Problem[] = [];
  if (nodeTuning.enabled && !nodeTuning.image.startsWith(`${registry}/`)) {
    found.push({
      path: "nodeTuning.image",
      message: `${nodeTuning.image} does not come from ${registry} (${datapath}.imageRegistry), as all others do`,
      remedy: `mirror it, too, and set ${mirrored(registry, nodeTuning.image)}`,
    });
  }
  if (unsure.length > 0) {
    found.push({
      path: "cilium.version",
      message: `Chart ${cilium.version} is newer than what is known here, and may have other tags for ${firstFew(unsure)}`,
      remedy: "compare with the chart's values.yaml before you mirror them",
    });
  }
  return found;
}
