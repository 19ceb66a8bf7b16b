import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { chartKeys, hasKey, type KeyType, namesBelow, spanWords } from "../../../model/calico/chart-keys.ts";
import { at } from "../../../model/tree.ts";
import { cachedChart } from "../../support/cached-chart.ts";

/** Minor version of the chart that the toolchain pins. */
const minor = 28;

describe("chartKeys", () => {
  describe("agrees with the real chart 3.28.5", function () {
    this.timeout("1 minute");
    let values: Record<string, unknown>;
    let spec: unknown;
    let templates: string;
    const here = Object.entries(chartKeys).filter(([, key]) => hasKey(key, minor));

    before(async function () {
      const folder = await cachedChart(this, "calico-chart");
      const read = (file: string): string => readFileSync(join(folder, file), "utf8");
      values = parse(read("values.yaml")) as Record<string, unknown>;
      const crd = parse(read("crds/operator.tigera.io_installations_crd.yaml")) as {
        spec: { versions: { schema: { openAPIV3Schema: unknown } }[] };
      };
      spec = at(crd.spec.versions[0]?.schema.openAPIV3Schema, "properties", "spec");
      templates = readdirSync(join(folder, "templates"), { recursive: true, encoding: "utf8" })
        .filter((file) => /\.(yaml|tpl)$/.test(file))
        .map((file) => read(join("templates", file)))
        .join("\n");
    });

    it("has every key of its values.yaml", () => {
      const check = (tree: Record<string, unknown>, parent: string): void => {
        for (const [name, value] of Object.entries(tree)) {
          const path = parent === "" ? name : `${parent}.${name}`;
          const key = chartKeys[path];
          if (key) assert.ok(hasKey(key, minor), path);
          else check(value as Record<string, unknown>, path);
        }
      };
      check(values, "");
    });

    it("has no key that neither its templates nor its CRD know", () => {
      for (const [path] of here) {
        const inCrd = path.startsWith("installation.") && schemaOf(spec, path) !== undefined;
        assert.ok(
          inCrd ||
            templates.includes(`.Values.${path}`) ||
            at(values, ...path.split(".")) !== undefined ||
            known(values, path),
          path,
        );
      }
    });

    it("has every key of the Installation down to its network, with its type and its words", () => {
      for (const parent of [
        "installation",
        "installation.calicoNetwork",
        "installation.cni",
        "installation.cni.ipam",
      ]) {
        const properties = at(schemaOf(spec, parent), "properties") as Record<string, unknown>;
        const wanted = Object.keys(properties).filter((name) => name !== "kubeletVolumePluginPath");
        const listed = namesBelow(parent, minor).filter((name) => name !== "enabled");
        assert.deepEqual(listed, wanted.sort(), parent);
        for (const name of wanted) {
          const key = chartKeys[`${parent}.${name}`];
          if (key) assertType(`${parent}.${name}`, key.type, properties[name]);
        }
      }
    });
  });

  it("says in words which charts have a key", () => {
    const words = (path: string) => spanWords(chartKeys[path] ?? { type: "open" });
    assert.equal(words("goldmane"), "from v3.30 on");
    assert.equal(words("kubeletVolumePluginPath"), "up to v3.30");
    assert.equal(words("installation.cni.specVersion"), "in v3.31");
  });
});

/** values.yaml writes null for keys that have no default. */
const known = (values: unknown, path: string): boolean => {
  const parent = at(values, ...path.split(".").slice(0, -1));
  return typeof parent === "object" && parent !== null && (path.split(".").at(-1) ?? "") in parent;
};

/** The schema at a path below `installation`. */
const schemaOf = (spec: unknown, path: string): unknown =>
  path
    .split(".")
    .slice(1)
    .reduce<unknown>((schema, name) => at(schema, "properties", name), spec);

function assertType(path: string, type: KeyType, schema: unknown): void {
  const types = { boolean: "bool", integer: "int", string: "str", array: "list", object: "open" } as const;
  const words = at(schema, "enum") as string[] | undefined;
  if (typeof type === "string") assert.equal(types[at(schema, "type") as keyof typeof types], type, path);
  // Newer charts know more words.
  else
    assert.deepEqual(
      words?.filter((word) => !type.includes(word)),
      [],
      path,
    );
}
