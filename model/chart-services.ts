import { judgeNodePorts, type NodePortOptions, type ServiceFields } from "./service-ports.ts";
import { CHARTS, type ChartService, type ReadValue } from "./chart-services-table.ts";
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
  /** Whether values that are not known yet may have been left out of `values`. Default false. */
  readonly isPartial?: boolean;
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
  const { where, values, isPartial = false } = release;
  if (values === UNKNOWN) return inDoubt(where, "The release's values are not known yet");
  const services = isKnownChart(release.chart) ? (CHARTS[release.chart] ?? []) : [];
  const judged = combine([
    ...services.map((service) => judgeChartService(service, release, options)),
    explicitNodePorts(where, values, new Set(services.flatMap(({ type }) => type))),
  ]);
  if (!isPartial) return judged;
  const { unknowns } = inDoubt(
    where,
    "Some inputs of the release are not known yet, and the provider leaves them out: what looks like a default of the chart may be one of them",
  );
  return { problems: judged.problems, unknowns };
}

function judgeChartService(service: ChartService, release: ChartRelease, options: NodePortOptions): Verdict {
  const read: ReadValue = (path) => {
    const value = atPath(release.values, path);
    // Charts read an empty string as "not set".
    if (value !== undefined && value !== "") return value;
    return release.isPartial ? UNKNOWN : undefined;
  };
  const exists = service.exists(read);
  if (exists === false) return HOLDS;
  const fields = fieldsOf(service, release, read);
  const verdict = judgeNodePorts(fields, options);
  if (exists === true || verdict.problems.length === 0) return verdict;
  // Whether the Service exists is open, so what would be wrong with it is open, too.
  return inDoubt(
    fields.where,
    "Whether the chart makes this Service, which would open a node port, is not known yet",
  );
}

function fieldsOf(service: ChartService, { where, version }: ChartRelease, read: ReadValue): ServiceFields {
  const optional = (path: string | undefined): unknown => (path === undefined ? undefined : read(path));
  const typePath = service.type.find((path) => read(path) !== undefined);
  const hasAllocate = !(version && service.allocateSince && isBefore(version, service.allocateSince));
  const allocate = hasAllocate ? service.allocate : undefined;
  return {
    where: `${where}, ${service.name}`,
    type: typePath === undefined ? service.defaultType : asText(read(typePath)),
    typeName: `values.${typePath ?? service.type[0] ?? "type"}`,
    nodePorts: (service.nodePorts ?? []).map((path) => ({ name: `values.${path}`, value: read(path) })),
    allocate: asBoolean(optional(allocate)),
    allocateName: allocate === undefined ? undefined : `values.${allocate}`,
    externalTrafficPolicy: asText(optional(service.externalTrafficPolicy)),
    externalTrafficPolicyName: `values.${service.externalTrafficPolicy ?? "externalTrafficPolicy"}`,
    healthCheckNodePort: optional(service.healthCheckNodePort),
    fragment: false,
  };
}

function inDoubt(path: string, reason: string): Verdict {
  return { problems: [], unknowns: [{ path, reason }] };
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
