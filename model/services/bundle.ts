import { fromLine, type Line, toLines } from "../policies/bundle-lines.ts";
import { bundleAmong, bundleLabel } from "../policies/bundle.ts";
import type { Labels } from "../policies/flow.ts";
import type { Manifest } from "../policies/manifest.ts";
import { type ServiceContent, serviceManifest, type ServiceSpec } from "./manifest.ts";

/**
 * Services of many namespaces in one resource of the stack. They are in other bundles than policies: these
 * go when policies become resources, and Services stay as they came, see `delivery.ts`.
 */
export interface ServiceBundle {
  /** Which of all bundles of Services it is, such as 3-of-4; the value of {@link bundleLabel}. */
  readonly name: string;
  /** Labels of every object that the stack creates. */
  readonly labels: Labels;
  readonly services: readonly ServiceContent[];
}

/** There are fewer Services than policies, and each bundle takes the start of a Node process. */
const bundles = 4;

/** The bundle of a namespace's Services. */
export const serviceBundleOf = (namespace: string): string => bundleAmong(bundles, namespace);

/** A Service of a bundle as the API takes it. */
export const bundledService = (
  { name, labels }: Pick<ServiceBundle, "name" | "labels">,
  service: ServiceContent,
): Manifest<"Service", ServiceSpec> => serviceManifest(service, { ...labels, [bundleLabel]: name });

/** First line of a bundle as text. */
interface Header extends Pick<ServiceBundle, "name" | "labels"> {
  readonly format: typeof format;
}
const format = "cluster-network/services.1";
const beginning = `{"format":${JSON.stringify(format)},`;

/** The bundle as lines of JSON, in an order of its own: the same bundle is the same text. */
export function encodeServices({ name, labels, services }: ServiceBundle): string {
  const header: Header = { format, name, labels };
  return [JSON.stringify(header), ...toLines(services)].join("\n");
}

/** Reads what {@link encodeServices} wrote; undefined for any other text. */
export function decodeServices(text: string): ServiceBundle | undefined {
  if (!text.startsWith(beginning)) return undefined;
  const [first, ...rest] = text.split("\n").map((line) => JSON.parse(line) as Header | Line<ServiceContent>);
  const { name, labels } = first as Header;
  return { name, labels, services: (rest as Line<ServiceContent>[]).flatMap(fromLine) };
}
