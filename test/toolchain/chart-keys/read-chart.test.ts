import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readChart } from "../../../toolchain/chart-keys/read-chart.ts";
import { printTable } from "../../../toolchain/chart-keys/table.ts";

describe("chart keys", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "charts-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function chart(version: string, files: Record<string, string | object>) {
    for (const [name, content] of Object.entries({ "Chart.yaml": `version: ${version}\n`, ...files })) {
      const path = join(folder, version, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    }
    return readChart(join(folder, version));
  }

  const old = () =>
    chart("1.15.0", {
      "values.yaml": "a:\n  on: false\n  size: ~\n  # secret: false\nmap: {}\nimage: { tag: v1 }\ngone: 1\n",
      "templates/a.yaml": "{{ .Values.a.on }} {{ .Values.a.secret }} {{ toYaml .Values.whole }}",
    });
  const recent = () =>
    chart("1.16.1", {
      "values.yaml": 'a:\n  on: true\n  size: ~\n  text: "x y"\nmap: {}\nimage: { tag: v2 }\n',
      "values.schema.json": {
        properties: {
          a: {
            type: "object",
            properties: {
              on: { type: ["null", "boolean"] },
              size: { type: ["null", "integer"] },
              text: { enum: ["x y", "z"] },
            },
          },
          map: { type: "object" },
          image: { type: "object", properties: { tag: { type: "string" } } },
        },
      },
      "templates/a.yaml": "{{ .Values.a.on }} {{ .Values.a.secret }}",
      "templates/validate.yaml": "{{ if .Values.gone }}{{ fail }}{{ end }}",
    });

  it("are read from values, schema and templates", () => {
    const { version, typed, keys } = recent();
    assert.deepEqual({ version, typed }, { version: "1.16.1", typed: true });
    assert.deepEqual(keys.get("a.on"), { types: ["bool", "null"], default: true });
    assert.deepEqual(keys.get("a.size"), { types: ["int", "null"], default: undefined });
    assert.deepEqual(keys.get("a.text"), { types: ['"x y"', '"z"'], default: "x y" });
    assert.deepEqual(keys.get("map")?.types, ["map"]);
    assert.equal(keys.get("image.tag")?.default, "v2");
    assert.ok(!keys.has("gone"), "what is only refused is no key");
  });

  it("are read from comments, where templates know them", () => {
    assert.deepEqual(old().keys.get("a.secret")?.types, ["bool"]);
    assert.deepEqual(old().keys.get("whole")?.types, ["list", "map"]);
  });

  it("are printed with what changed when", () => {
    assert.deepEqual(printTable([recent(), old()]).split("\n"), [
      "a obj",
      " on bool|null=false @16.1 bool|null=true",
      // An example in a comment is all that tells its type.
      " secret bool @16.1 any",
      " size int|null",
      String.raw` text - @16.1 "x y"|"z"="x\u0020y"`,
      "gone int=1 @16.1 -",
      "image obj",
      ' tag str="v1" @16.1 str="v2"',
      "map map",
      "whole list|map @16.1 -",
    ]);
  });
});
