import type { Policy } from "../../model/policies/policies.ts";

/** A set of policies with one thing wrong. */
export interface Mutant {
  /** `shop/allow-api-backend spec.ingress[0].from[0]: AND becomes OR`. */
  readonly name: string;
  /** What was done, without where. */
  readonly what: string;
  readonly policies: readonly Policy[];
}

type Json = Readonly<Record<string, unknown>>;
type Change = readonly [what: string, value: unknown];

/**
 * Every way to get one thing of one policy wrong: each rule, peer, port, label, address and entity is dropped,
 * widened or changed.
 */
export function mutantsOf(policies: readonly Policy[]): Mutant[] {
  return policies.flatMap((policy, i) => {
    const title = `${policy.kind} ${policy.namespace ?? ""}/${policy.name}`;
    const instead = (replacement: readonly Policy[]): Policy[] => [
      ...policies.slice(0, i),
      ...replacement,
      ...policies.slice(i + 1),
    ];
    return [
      { name: `${title}: is missing`, what: "policy is missing", policies: instead([]) },
      ...(policy.namespace === undefined
        ? []
        : [
            {
              name: `${title}: is in another namespace`,
              what: "policy is in another namespace",
              policies: instead([{ ...policy, namespace: "elsewhere" }]),
            },
          ]),
      ...changesOf(policy.spec, "spec").map(({ path, what, value }) => ({
        name: `${title} ${path}: ${what}`,
        what,
        policies: instead([{ ...policy, spec: value as object }]),
      })),
    ];
  });
}

interface Changed {
  readonly path: string;
  readonly what: string;
  readonly value: unknown;
}

/** Changes of a tree, anywhere in it. */
function changesOf(tree: unknown, path: string): Changed[] {
  if (Array.isArray(tree)) {
    const items = tree as unknown[];
    return items.flatMap((item, i) => {
      const instead = (replacement: readonly unknown[]): unknown[] => [
        ...items.slice(0, i),
        ...replacement,
        ...items.slice(i + 1),
      ];
      const here = `${path}[${i}]`;
      return [
        ...splits(item).map(([what, value]) => ({ path: here, what, value: instead(value as unknown[]) })),
        ...changesOf(item, here).map(({ value, ...rest }) => ({ ...rest, value: instead([value]) })),
      ];
    });
  }
  if (typeof tree !== "object" || tree === null) return [];
  const object = tree as Json;
  return [
    ...objectChanges(object).map(([what, value]) => ({ path, what, value })),
    ...Object.entries(object).flatMap(([key, value]) =>
      [
        ...valueChanges(key, value).map(([what, changed]): Changed => ({
          path: `${path}.${key}`,
          what,
          value: changed,
        })),
        ...changesOf(value, `${path}.${key}`),
      ].map((change) => ({ ...change, value: { ...object, [key]: change.value } })),
    ),
  ];
}

/** What may happen to an item of a list: it goes, or becomes two. */
function splits(item: unknown): Change[] {
  const changes: Change[] = [["item is dropped", []]];
  if (typeof item === "object" && item !== null && "podSelector" in item && "namespaceSelector" in item) {
    const { podSelector, namespaceSelector } = item;
    changes.push(["AND becomes OR", [{ podSelector }, { namespaceSelector }]]);
  }
  return changes;
}

/** Keys that, left out, mean something else. */
const droppable = [
  "namespaceSelector",
  "podSelector",
  "ports",
  "toPorts",
  "endPort",
  "protocol",
  "except",
  "rules",
  "http",
  "dns",
  "from",
  "to",
  "fromEndpoints",
  "toEndpoints",
  "policyTypes",
  "ingress",
  "egress",
  "enableDefaultDeny",
  "method",
  "path",
  "matchExpressions",
];

function objectChanges(object: Json): Change[] {
  return Object.keys(object)
    .filter((key) => droppable.includes(key) && !(key === "podSelector" && "policyTypes" in object))
    .map((key) => [`${key} is left out`, without(object, key)]);
}

function valueChanges(key: string, value: unknown): Change[] {
  switch (key) {
    case "matchLabels":
      return Object.entries(value as Record<string, string>).flatMap(([label, text]): Change[] => [
        ["label has another value", { ...(value as Json), [label]: `${text}-x` }],
        ["label is left out", without(value as Json, label)],
      ]);
    case "podSelector":
    case "namespaceSelector":
    case "endpointSelector":
      return Object.keys(value as Json).length > 0
        ? [[`${key} is empty`, {}]]
        : [[`${key} selects one workload`, { matchLabels: { app: "one" } }]];
    case "port": {
      const number = Number(value);
      const written = (port: number): unknown => (typeof value === "string" ? String(port) : port);
      return [["port is the next", written(number + 1)]];
    }
    case "endPort":
      return [
        ["range is wider", Number(value) + 1],
        ["range is narrower", Number(value) - 1],
      ];
    case "protocol":
      return [["protocol is another", value === "TCP" ? "UDP" : "TCP"]];
    case "policyTypes":
      return (value as string[]).map((type) => [
        `policyTypes lacks ${type}`,
        (value as string[]).filter((one) => one !== type),
      ]);
    case "cidr":
      return [
        ["CIDR is wider", widened(String(value))],
        ["CIDR is everything", String(value).includes(":") ? "::/0" : "0.0.0.0/0"],
      ];
    case "toEntities":
    case "fromEntities":
      return ["all", "cluster", "world"].map((entity) => [`entity is ${entity}`, [entity]]);
    case "matchName":
      return [["name is another", `x${String(value)}`]];
    case "matchPattern":
      return value === "*" ? [] : [["pattern is everything", "*"]];
    case "action":
      return ["Accept", "Deny", "Pass"]
        .filter((action) => action !== value)
        .map((action) => [`action is ${action}`, action]);
    case "method":
      return [["method is another", "DELETE"]];
    case "path":
      return [["path is everything", "/.*"]];
    case "ingress":
    case "egress":
      return Array.isArray(value)
        ? [
            ["everything is allowed", [...(value as unknown[]), {}]],
            [
              "everybody is allowed",
              [...(value as unknown[]), { [key === "ingress" ? "fromEntities" : "toEntities"]: ["all"] }],
            ],
          ]
        : [[`default-deny is off for ${key}`, false]];
    default:
      return [];
  }
}

function widened(cidr: string): string {
  const [address = "", length = "0"] = cidr.split("/");
  return `${address}/${Math.max(0, Number(length) - 1)}`;
}

const without = (object: Json, key: string): Json =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
