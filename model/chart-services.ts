import { judgeNodePorts, type NodePortOptions, type ServiceFields } from "./service-ports.ts";
import { CHARTS, type ChartService } from "./chart-services-table.ts";
import { asBoolean, asEntries, asText, atPath, type Tree } from "./tree.ts";
import { combine, HOLDS, UNKNOWN, type Verdict } from "./verdict.ts";

/** What a Helm release says of itself. */
export interface ChartRelease {
  /** The release, for messages: `Release ingress/ingress-nginx`. */
  readonly where: string;
  /** Its chart's name, see {@link chartName}. */
  readonly chart: string;
  /** Its chart's version; undefined is taken for the newest. */
  readonly version?: string | undefined;
  /** The values given to it, without the chart's defaults. */
  readonly values: Tree;
}

/**
 * The chart's name in a Helm release's `chart`: a repository's name, an `oci://` reference,
 * an archive's address and a local path all end with it.
 */
export function chartName(reference: string): string {
  const last = reference.replace(/\/+$/, "").split("/").at(-1) ?? "";
  return last.replace(/[?:@].*$/, "").replace(/(-v?\d+\.\d+\.\d+.*)?\.tgz$/, "");
}

/** Whether the table knows every Service that a chart makes. */
export function isKnownChart(chart: string): boolean {
  return Object.hasOwn(CHARTS, chart);
}

/**
 * Judges the Services that a Helm release makes, as far as its values and the chart's
 * defaults tell: exactly for the charts of the table. For any other chart, and for values
 * that the table does not name, an explicit `type: NodePort` is taken at its word.
 */
export function judgeChart(release: ChartRelease, options: NodePortOptions = {}): Verdict {
  const { where, values } = release;
  if (values === UNKNOWN) {
    return { problems: [], unknowns: [{ path: where, reason: "The release's values are not known yet" }] };
  }
  const services = isKnownChart(release.chart) ? (CHARTS[release.chart] ?? []) : [];
  const judged = services.map((service) => judgeChartService(service, release, options));
  return combine([
    ...judged,
    explicitNodePorts(where, values, new Set(services.flatMap(({ type }) => type))),
  ]);
}

function judgeChartService(service: ChartService, release: ChartRelease, options: NodePortOptions): Verdict {
  const exists = service.exists(release.values);
  if (exists === false) return HOLDS;
  const fields = fieldsOf(service, release);
  const verdict = judgeNodePorts(fields, options);
  if (exists === true || verdict.problems.length === 0) return verdict;
  // Whether the Service exists is open, so what would be wrong with it is open, too.
  const reason = "Whether the chart makes this Service, which would open a node port, is not known yet";
  return { problems: [], unknowns: [{ path: fields.where, reason }] };
}

function fieldsOf(service: ChartService, { where, version, values }: ChartRelease): ServiceFields {
  const read = (path: string | undefined): unknown => (path === undefined ? undefined : atPath(values, path));
  // Charts read an empty string as "not set".
  const typePath = service.type.find((path) => !["", undefined].includes(read(path) as string | undefined));
  const allocate =
    version !== undefined && service.allocateSince !== undefined && isBefore(version, service.allocateSince)
      ? undefined
      : service.allocate;
  return {
    where: `${where}, ${service.name}`,
    type: typePath === undefined ? service.defaultType : asText(read(typePath)),
    typeName: `values.${typePath ?? service.type[0] ?? "type"}`,
    nodePorts: (service.nodePorts ?? []).map((path) => ({ name: `values.${path}`, value: read(path) })),
    allocate: asBoolean(read(allocate)),
    allocateName: allocate === undefined ? undefined : `values.${allocate}`,
    externalTrafficPolicy: asText(read(service.externalTrafficPolicy)),
    externalTrafficPolicyName: `values.${service.externalTrafficPolicy ?? "externalTrafficPolicy"}`,
    healthCheckNodePort: read(service.healthCheckNodePort),
    fragment: false,
  };
}

/** `type: NodePort` anywhere in the values, unless that part of the chart is switched off. */
function explicitNodePorts(where: string, values: Tree, except: ReadonlySet<string>): Verdict {
  const found: Verdict[] = [];
  const visit = (value: unknown, path: string): void => {
    if (Array.isArray(value)) {
      value.forEach((item, i) => visit(item, `${path}[${i}]`));
      return;
    }
    const entries = asEntries(value);
    // Of a value that is not known, the table has already judged what it knows to matter.
    if (entries === UNKNOWN || isSwitchedOff(value)) return;
    for (const [key, child] of entries) {
      const here = path === "" ? key : `${path}.${key}`;
      if (!isTypeKey(key)) visit(child, here);
      else if (child === "NodePort" && !except.has(here)) found.push(asksForNodePort(where, key, here));
    }
  };
  visit(values, "");
  return combine(found);
}

function asksForNodePort(path: string, key: string, field: string): Verdict {
  const message = `\`values.${field}: NodePort\` asks for a port on every node`;
  const remedy = `use \`${key}: ClusterIP\` behind an Ingress or a Gateway`;
  return { problems: [{ path, message, remedy }], unknowns: [] };
}

const isTypeKey = (key: string): boolean => /^(service[-_]?)?type$/i.test(key) || key.endsWith("ServiceType");
const isSwitchedOff = (value: Tree): boolean =>
  atPath(value, "enabled") === false || atPath(value, "create") === false;

/** Compares `major.minor.patch`; what follows these numbers does not matter here. */
function isBefore(version: string, since: string): boolean {
  const [a, b] = [version, since].map((text) =>
    (/\d+\.\d+\.\d+/.exec(text)?.[0] ?? "").split(".").map(Number),
  );
  const differing = a?.findIndex((number, i) => number !== b?.[i]) ?? -1;
  return differing >= 0 && (a?.[differing] ?? 0) < (b?.[differing] ?? 0);
}
