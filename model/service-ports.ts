import { asBoolean, asList, asText, at, type Tree } from "./tree.ts";
import { combine, HOLDS, UNKNOWN, type Maybe, type Verdict } from "./verdict.ts";

/** One `nodePort` field of a Service. */
interface NodePortField {
  readonly name: string;
  readonly value: unknown;
}

/**
 * What decides whether a Service gets ports on the nodes. The fields' names go into the
 * messages, because a chart calls them otherwise than a Service does.
 */
export interface ServiceFields {
  /** The Service, for messages: `Service shop/web`. */
  readonly where: string;
  readonly type: Maybe<string | undefined>;
  readonly typeName: string;
  readonly nodePorts: Maybe<readonly NodePortField[]>;
  /** `allocateLoadBalancerNodePorts`; without a name the author cannot set it. */
  readonly allocate: Maybe<boolean | undefined>;
  readonly allocateName?: string | undefined;
  readonly externalTrafficPolicy: Maybe<string | undefined>;
  readonly externalTrafficPolicyName: string;
  readonly healthCheckNodePort: unknown;
  /** A patch: the Service in the cluster has further fields, which nobody sees here. */
  readonly fragment: boolean;
}

export interface NodePortOptions {
  /** Accept the port on which kube-proxy answers load balancers' health checks. Default false. */
  readonly allowHealthCheckPorts?: boolean;
}

/**
 * Judges a Service by its `spec`.
 * @param where - the Service, for messages
 * @param spec - a ServiceSpec, parts of which may be unknown
 * @param fragment - true for a patch
 */
export function judgeServiceSpec(
  where: string,
  spec: Tree,
  fragment: boolean,
  options: NodePortOptions = {},
): Verdict {
  const ports = asList(at(spec, "ports"));
  const fields: ServiceFields = {
    where,
    type: asText(at(spec, "type")),
    typeName: "spec.type",
    nodePorts:
      ports === UNKNOWN
        ? UNKNOWN
        : ports.map((port, i) => ({ name: `spec.ports[${i}].nodePort`, value: at(port, "nodePort") })),
    allocate: asBoolean(at(spec, "allocateLoadBalancerNodePorts")),
    allocateName: "spec.allocateLoadBalancerNodePorts",
    externalTrafficPolicy: asText(at(spec, "externalTrafficPolicy")),
    externalTrafficPolicyName: "spec.externalTrafficPolicy",
    healthCheckNodePort: at(spec, "healthCheckNodePort"),
    fragment,
  };
  return judgeNodePorts(fields, options);
}

/**
 * Every way a Service gets a port on each node: `type: NodePort`, the `nodePort` of a port,
 * a LoadBalancer that does not switch them off, and the health check port of a LoadBalancer
 * with `externalTrafficPolicy: Local`, which is allocated in any case.
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#load-balancer-nodeport-allocation
 */
export function judgeNodePorts(
  fields: ServiceFields,
  { allowHealthCheckPorts = false }: NodePortOptions = {},
): Verdict {
  return combine([
    fields.type === "NodePort" ? typeNodePort(fields) : explicitPorts(fields),
    allocation(fields),
    allowHealthCheckPorts ? HOLDS : healthCheck(fields),
  ]);
}

function typeNodePort({ where, typeName, nodePorts }: ServiceFields): Verdict {
  const ports = nodePorts === UNKNOWN ? [] : nodePorts.map(({ value }) => value).filter(isPort);
  const which = ports.length > 0 ? ` (${ports.join(", ")})` : "";
  return broken(
    where,
    `\`${typeName}: NodePort\` opens a port${which} on every node`,
    "use `type: ClusterIP` behind an Ingress or a Gateway, or `type: LoadBalancer` with `allocateLoadBalancerNodePorts: false`",
  );
}

function explicitPorts({ where, type, typeName, nodePorts }: ServiceFields): Verdict {
  const verdicts = type === UNKNOWN ? [open(where, `\`${typeName}\` is not known yet`)] : [];
  if (nodePorts === UNKNOWN)
    return combine([...verdicts, open(where, "The Service's ports are not known yet")]);
  for (const { name, value } of nodePorts) {
    if (value === UNKNOWN) verdicts.push(open(where, `\`${name}\` is not known yet`));
    else if (isPort(value)) {
      verdicts.push(
        broken(where, `\`${name}: ${value}\` opens that port on every node`, `remove \`${name}\``),
      );
    }
  }
  return combine(verdicts);
}

function allocation({ where, type, typeName, allocate, allocateName, fragment }: ServiceFields): Verdict {
  if (fragment && type === undefined && (allocate === true || allocate === UNKNOWN)) {
    return open(where, `\`${allocateName}\` may be true, and the patch does not tell the Service's type`);
  }
  if (type !== "LoadBalancer" || allocate === false) return HOLDS;
  if (allocate === UNKNOWN) return open(where, `\`${allocateName}\` is not known yet`);
  return allocateName === undefined
    ? broken(
        where,
        `\`${typeName}: LoadBalancer\` opens a node port for each port, and nothing here switches that off`,
        `use \`${typeName}: ClusterIP\` and a LoadBalancer Service of your own with \`allocateLoadBalancerNodePorts: false\``,
      )
    : broken(
        where,
        `\`${typeName}: LoadBalancer\` opens a node port for each port, because \`${allocateName}\` is not false`,
        `set \`${allocateName}: false\`; a load balancer that sends to nodes instead of pods needs an exemption with its reason`,
      );
}

function healthCheck(fields: ServiceFields): Verdict {
  const { where, type, externalTrafficPolicy: policy, externalTrafficPolicyName: name } = fields;
  const remedy =
    "use `externalTrafficPolicy: Cluster`, or accept these ports by `allowHealthCheckPorts: true` in the rule's configuration";
  if (isPort(fields.healthCheckNodePort)) {
    const port = fields.healthCheckNodePort;
    return broken(where, `\`healthCheckNodePort: ${port}\` opens that port on every node`, remedy);
  }
  if (type === "LoadBalancer" && policy === "Local") {
    return broken(
      where,
      `\`${name}: Local\` on a LoadBalancer opens a health check port on every node`,
      remedy,
    );
  }
  if (fields.healthCheckNodePort === UNKNOWN) return open(where, "`healthCheckNodePort` is not known yet");
  if (type === "LoadBalancer" && policy === UNKNOWN) return open(where, `\`${name}\` is not known yet`);
  return fields.fragment && type === undefined && (policy === "Local" || policy === UNKNOWN)
    ? open(where, `\`${name}\` may be Local, and the patch does not tell the Service's type`)
    : HOLDS;
}

/** 0 means "not set" in the API; charts take text as well. */
function isPort(value: unknown): value is number | string {
  return (
    (typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value))) && Number(value) > 0
  );
}

function broken(path: string, message: string, remedy: string): Verdict {
  return { problems: [{ path, message, remedy }], unknowns: [] };
}

function open(path: string, reason: string): Verdict {
  return { problems: [], unknowns: [{ path, reason }] };
}
