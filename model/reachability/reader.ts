import type { Problem } from "../problem.ts";
import type { PortMatch } from "./ports.ts";
import type { Requirement, Selector } from "./selector.ts";
import type { Protocol } from "./world.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads one object and keeps what was wrong with it. Whatever is not understood becomes a problem, so that
 * nobody takes half a policy for the whole.
 */
export class Reader {
  readonly problems: Problem[] = [];
  readonly where: string;

  /** @param where - the object, for messages: `NetworkPolicy shop/allow-dns` */
  constructor(where: string) {
    this.where = where;
  }

  fail(path: string, message: string, remedy: string): void {
    this.problems.push({ path: path === "" ? this.where : `${this.where} ${path}`, message, remedy });
  }

  /** The fields of an object; empty for anything else, which is a problem unless it is absent. */
  fields(value: unknown, path: string): Fields {
    if (value === undefined || value === null) return {};
    if (typeof value === "object" && !Array.isArray(value)) return value as Fields;
    this.fail(path, `${show(value)} is no object`, "write keys and values");
    return {};
  }

  /** The items of a list; undefined when it is absent. */
  list(value: unknown, path: string): readonly unknown[] | undefined {
    if (value === undefined || value === null) return undefined;
    if (Array.isArray(value)) return value as unknown[];
    this.fail(path, `${show(value)} is no list`, "write a list");
    return undefined;
  }

  texts(value: unknown, path: string): readonly string[] {
    return (this.list(value, path) ?? []).flatMap((item, i) => {
      if (typeof item === "string") return [item];
      this.fail(`${path}[${i}]`, `${show(item)} is no text`, "quote it");
      return [];
    });
  }

  /** A problem for each key that is not known, and their names. */
  unknownKeys(fields: Fields, known: readonly string[], path: string): readonly string[] {
    const unknown = Object.keys(fields).filter((key) => !known.includes(key) && fields[key] !== undefined);
    for (const key of unknown) {
      this.fail(
        `${path}.${key}`,
        `${key} is not understood`,
        "judge this policy by hand, or leave the key out",
      );
    }
    return unknown;
  }

  /** A label selector; one that is absent or empty selects everything. */
  selector(value: unknown, path: string): Selector {
    const fields = this.fields(value, path);
    this.unknownKeys(fields, ["matchLabels", "matchExpressions"], path);
    const labels = this.fields(fields.matchLabels, `${path}.matchLabels`);
    const expressions = this.list(fields.matchExpressions, `${path}.matchExpressions`) ?? [];
    return [
      ...Object.entries(labels).map(([key, label]): Requirement => {
        if (typeof label === "string") return { key, operator: "In", values: [label] };
        this.fail(`${path}.matchLabels.${key}`, `${show(label)} is no text`, "quote it");
        return impossible(key);
      }),
      ...expressions.map((item, i) => this.requirement(item, `${path}.matchExpressions[${i}]`)),
    ];
  }

  private requirement(value: unknown, path: string): Requirement {
    const { key, operator, values } = this.fields(value, path);
    const name = typeof key === "string" ? key : "";
    const list = this.texts(values, `${path}.values`);
    if (name === "") this.fail(path, "The requirement has no key", "name the label");
    if (operator === "Exists" || operator === "DoesNotExist") {
      if (list.length > 0) this.fail(path, `${operator} takes no values`, "leave them out");
      return { key: name, operator, values: [] };
    }
    if (operator !== "In" && operator !== "NotIn") {
      this.fail(
        `${path}.operator`,
        `${show(operator)} is no operator`,
        "use In, NotIn, Exists or DoesNotExist",
      );
      return impossible(name);
    }
    if (list.length === 0) this.fail(path, `${operator} has no values`, "name at least one");
    return { key: name, operator, values: list };
  }

  protocol(value: unknown, path: string): Protocol | undefined {
    if (value === "TCP" || value === "UDP" || value === "SCTP") return value;
    this.fail(path, `${show(value)} is no protocol`, "use TCP, UDP or SCTP");
    return undefined;
  }

  /** A port number from a number or digits. */
  portRange(from: number, to: unknown, protocol: Protocol | undefined, path: string): PortMatch | undefined {
    const last = to === undefined || to === null || to === 0 ? from : to;
    if (typeof last !== "number" || !isPort(from) || !isPort(last) || last < from) {
      this.fail(
        path,
        `${from} to ${show(last)} is no range of ports`,
        "use numbers from 1 to 65535, endPort ≥ port",
      );
      return undefined;
    }
    return { kind: "range", protocol, from, to: last };
  }
}

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65_535;

/** A requirement that nothing meets: what stands for one that was not understood. */
const impossible = (key: string): Requirement => ({ key, operator: "In", values: [] });

function show(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? "Nothing" : text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
