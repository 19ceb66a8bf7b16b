import { isPlainObject, type Values } from "../cilium/merge-values.ts";
import { shown } from "../cilium/key-types.ts";
import { nearest } from "../did-you-mean.ts";
import type { Problem } from "../problem.ts";
import { chartKeys, hasKey, type KeyType, namesBelow, spanWords } from "./chart-keys.ts";
import { calicoMinor } from "./chart-version.ts";

/** Keys whose values the stack's state and Helm's record would keep in the clear, and what to do instead. */
const secrets: Readonly<Record<string, string>> = {
  imagePullSecrets:
    "make the Secret in tigera-operator yourself, and name it in installation.imagePullSecrets: [{ name: … }]",
  "certs.node.key": "make the Secrets node-certs and typha-certs in tigera-operator yourself",
  "certs.typha.key": "make the Secrets node-certs and typha-certs in tigera-operator yourself",
};

/**
 * Checks chart values that somebody wrote by hand against the keys of a version. Helm takes keys that no
 * template reads without a word.
 * @param version - of the chart, such as v3.31.7
 */
export function calicoUserProblems(values: Values, version: string): Problem[] {
  const minor = calicoMinor(version);
  if (minor === undefined) return [];
  const problems: Problem[] = [];
  const check = (value: unknown, path: string): void => {
    const key = chartKeys[path];
    const where = `calico.values.${path}`;
    if (secrets[path] !== undefined) {
      problems.push({
        path: where,
        message: "Would be kept in the clear in the state",
        remedy: secrets[path],
      });
    } else if (key) {
      if (!hasKey(key, minor)) {
        const message = `${path} exists ${spanWords(key)}, and this is ${version}`;
        problems.push({ path: where, message, remedy: "leave it out, or use another chart" });
      } else if (value !== null && !fits(value, key.type)) {
        const message = `${shown(path.split("."), value)} is not ${typeName(key.type)}`;
        problems.push({ path: where, message, remedy: `use ${typeName(key.type)}` });
      }
    } else if (path !== "" && namesBelow(path, minor).length === 0) {
      problems.push(unknownKey(path, minor));
    } else if (isPlainObject(value)) {
      for (const name of Object.keys(value).sort()) {
        check(value[name], path === "" ? name : `${path}.${name}`);
      }
    } else {
      const message = `${shown(path.split("."), value)} is not an object`;
      problems.push({ path: where, message, remedy: `use keys such as ${someNames(path, minor)}` });
    }
  };
  check(values, "");
  return problems;
}

function unknownKey(path: string, minor: number): Problem {
  const parent = path.split(".").slice(0, -1).join(".");
  const name = path.split(".").at(-1) ?? "";
  const elsewhere = Object.keys(chartKeys).filter(
    (key) => key.endsWith(`.${name}`) && hasKey(chartKeys[key] ?? { type: "open" }, minor),
  );
  const near = nearest(name, namesBelow(parent, minor));
  const meant = near === undefined ? elsewhere : [[parent, near].filter(Boolean).join(".")];
  return {
    path: `calico.values.${path}`,
    message: `No version of the chart has ${path}`,
    remedy:
      meant.length > 0 && meant.length <= 3
        ? `did you mean ${meant.join(" or ")}?`
        : `use one of ${someNames(parent, minor)}, or leave it out`,
  };
}

function someNames(parent: string, minor: number): string {
  const names = namesBelow(parent, minor);
  return `${names.slice(0, 8).join(", ")}${names.length > 8 ? ", …" : ""}`;
}

function fits(value: unknown, type: KeyType): boolean {
  switch (type) {
    case "bool":
      return typeof value === "boolean";
    case "int":
      return Number.isInteger(value);
    case "str":
      return typeof value === "string";
    case "scalar":
      return typeof value === "string" || typeof value === "number";
    case "list":
      return Array.isArray(value);
    case "open":
      return isPlainObject(value);
    default:
      return typeof value === "string" && type.includes(value);
  }
}

const typeNames = {
  bool: "true or false",
  int: "a whole number",
  str: "a text",
  scalar: "a text or a number",
  list: "a list",
  open: "an object",
};

function typeName(type: KeyType): string {
  return typeof type === "string" ? typeNames[type] : type.join(" or ");
}
