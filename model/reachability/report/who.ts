import { parseCidr } from "../../cidr.ts";
import { nearest } from "../../did-you-mean.ts";
import type { Problem } from "../../problem.ts";
import { addressNumber, cidrAddresses, everyAddress, formatAddress, toCidrs } from "../addresses.ts";
import type { Group } from "../inventory/groups.ts";
import { selects, type Service } from "../inventory/service.ts";
import { intersect, subtract } from "../intervals.ts";
import { unitsOf } from "../units.ts";
import type { End } from "../verdict.ts";
import type { Picture } from "./picture.ts";

/** One end of a question. */
export interface NamedEnd {
  readonly name: string;
  readonly end: End;
  readonly group?: Group;
}

/** Those whom a word means; never none. */
export interface Who {
  readonly text: string;
  readonly ends: readonly NamedEnd[];
  /** Where a Service was named: its ports are asked for, and its pods are meant. */
  readonly service?: Service;
  readonly notes: readonly string[];
}

const words: Readonly<Record<string, "nodes" | "api-server" | "ingress">> = {
  nodes: "nodes",
  host: "nodes",
  "remote-node": "nodes",
  "api-server": "api-server",
  "kube-apiserver": "api-server",
  ingress: "ingress",
};

/** Ranges that are not the internet's: private, of one link or machine, and for many at once. */
const notInternet = [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"],
  ...["192.168.0.0/16", "224.0.0.0/3", "::/127", "fc00::/7", "fe80::/10", "ff00::/8"],
];

/**
 * Finds whom a word of the command line means.
 * @param option - that it was given to, for messages
 */
export function findWho(picture: Picture, option: string, text: string): Who | { readonly problem: Problem } {
  const { groups } = picture.inventory;
  const many = severalPods(picture, text);
  if (many)
    return many.length > 0
      ? { text, ends: many.map(podEnd), notes: [] }
      : { problem: nobody(picture, option, text) };
  const pods = podsCalled(groups, text);
  if (pods.length > 0) return whoOf(option, text, pods);
  if (text === "internet" || text === "world") {
    const outside = notInternet.reduce(
      (left, cidr) => subtract(left, cidrAddresses(cidr) ?? []),
      everyAddress,
    );
    return { text: "the internet", ends: rangeEnds(picture, outside, []), notes: [] };
  }
  const entity = words[text];
  if (entity) return { text, ends: [{ name: text, end: { entity } }], notes: [] };
  if (addressNumber(text) !== undefined) return addressWho(picture, text);
  if (parseCidr(text))
    return { text, ends: rangeEnds(picture, cidrAddresses(text) ?? [], [text]), notes: [] };
  const service = serviceWho(picture, text);
  if (service) return service;
  const isName = /^(\*+\.)?[a-z0-9-]+(\.[a-z0-9-]+)+\.?$/i.test(text);
  if (isName && !text.includes("/")) return { text, ends: [{ name: text, end: { fqdn: text } }], notes: [] };
  return { problem: nobody(picture, option, text) };
}

const podEnd = (group: Group): NamedEnd => ({ name: group.name, end: { pod: group }, group });

function severalPods({ inventory }: Picture, text: string): Group[] | undefined {
  if (text === "*") return [...inventory.groups];
  const namespace = /^([^/]+)\/\*$/.exec(text)?.[1];
  return namespace === undefined
    ? undefined
    : inventory.groups.filter((group) => group.namespace === namespace);
}

/** Groups of that name, of that workload, or with a pod of that name; the namespace may be left out. */
function podsCalled(groups: readonly Group[], text: string): Group[] {
  const bare = (name: string): string => name.slice(name.indexOf("/") + 1);
  const fits = (name: string): boolean => name === text || (!text.includes("/") && bare(name) === text);
  const by: ((group: Group) => boolean)[] = [
    ({ name }) => fits(name),
    ({ workload }) => fits(workload),
    ({ namespace, pods }) => pods.some((pod) => fits(`${namespace}/${pod}`)),
  ];
  return by.map((is) => groups.filter(is)).find((found) => found.length > 0) ?? [];
}

function whoOf(option: string, text: string, pods: readonly Group[]): Who | { readonly problem: Problem } {
  const namespaces = new Set(pods.map(({ namespace }) => namespace));
  if (namespaces.size > 1) {
    const [first = ""] = namespaces;
    const message = `${text} is there in ${namespaces.size} namespaces (${[...namespaces].join(", ")})`;
    return { problem: { path: option, message, remedy: `say which, such as ${first}/${text}` } };
  }
  const hosts = pods.filter(({ hostNetwork }) => hostNetwork).map(({ name }) => name);
  return {
    text: pods[0]?.workload ?? text,
    ends: pods.map(podEnd),
    notes:
      hosts.length === 0 ? [] : [`${hosts.join(", ")} is on the host's network, where no policy selects it`],
  };
}

/** An address of a pod or of a Service is not what policies see: they see the pods. */
function addressWho(picture: Picture, text: string): Who {
  const { groups, services } = picture.inventory;
  const number = addressNumber(text);
  const isIt = (other: string): boolean => addressNumber(other) === number;
  const owner = groups.find(({ hostNetwork, addresses }) => !hostNetwork && addresses?.some(isIt));
  if (owner)
    return { text, ends: [podEnd(owner)], notes: [`${text} is the address of a pod of ${owner.name}`] };
  const service = services.find(({ addresses }) => addresses.some(isIt));
  const behind = service && podsBehind(picture, service, text);
  return behind ?? { text, ends: [{ name: text, end: { address: text } }], notes: [] };
}

function serviceWho(picture: Picture, text: string): Who | undefined {
  const found = picture.inventory.services.filter(({ namespace, name }) =>
    text.includes("/") ? `${namespace}/${name}` === text : name === text,
  );
  const [service] = found;
  return service && found.length === 1 ? podsBehind(picture, service, text) : undefined;
}

function podsBehind({ inventory }: Picture, service: Service, text: string): Who | undefined {
  const pods = inventory.groups.filter((group) => selects(service, group));
  if (pods.length === 0) return undefined;
  const names = pods.map(({ name }) => name).join(", ");
  const title = `Service ${service.namespace}/${service.name}`;
  const what = text === `${service.namespace}/${service.name}` ? title : `${text} (${title})`;
  return {
    text,
    ends: pods.map(podEnd),
    service,
    notes: [`${what} sends to ${names}: policies see these pods`],
  };
}

/** A range in the parts that policies tell apart, each by its first address. */
function rangeEnds({ world }: Picture, range: readonly bigint[], cidrs: readonly string[]): NamedEnd[] {
  const { starts } = unitsOf(world, { cidrs: [...cidrs, ...toCidrs(range)], names: [] });
  const last = everyAddress.at(-1) ?? 0n;
  return starts.flatMap((from, i) => {
    const part = intersect([from, starts[i + 1] ?? last], range);
    const [first] = part;
    return first === undefined
      ? []
      : [{ name: toCidrs(part).join(", "), end: { address: formatAddress(first) } }];
  });
}

function nobody({ inventory }: Picture, option: string, text: string): Problem {
  const { groups, namespaces, services } = inventory;
  const [space = "", name] = text.includes("/") ? text.split("/", 2) : ["", text];
  const there = namespaces.map((one) => one.name);
  const known = [...new Set(groups.map(({ workload }) => workload))];
  const isSpaceKnown = space === "" || there.includes(space);
  if (services.some((one) => `${one.namespace}/${one.name}` === text)) {
    const remedy = "name the workload, or give its manifest, too";
    return { path: option, message: `No pods of Service ${text} are there`, remedy };
  }
  if (name === "*" && isSpaceKnown) {
    return {
      path: option,
      message: `Namespace ${space} has no pods`,
      remedy: `name one of ${listed(there)}`,
    };
  }
  if (!isSpaceKnown) {
    const near = nearest(space, there);
    const remedy =
      near === undefined ? `name one of ${listed(there)}` : `did you mean ${near}/${name ?? ""}?`;
    return { path: option, message: `No namespace ${space} is there`, remedy };
  }
  const candidates = space === "" ? known.map((one) => one.slice(one.indexOf("/") + 1)) : known;
  const near = nearest(text, [...new Set([...candidates, ...Object.keys(words), "internet"])]);
  const own = space === "" ? known : known.filter((one) => one.startsWith(`${space}/`));
  return {
    path: option,
    message: `No workload or pod ${text} is there`,
    remedy: near === undefined ? `name one of ${listed(own)}` : `did you mean ${near}?`,
  };
}

const listed = (names: readonly string[]): string =>
  names.length === 0
    ? "those that are given (there are none)"
    : `${names.slice(0, 12).join(", ")}${names.length > 12 ? `, … (${names.length} in all)` : ""}`;
