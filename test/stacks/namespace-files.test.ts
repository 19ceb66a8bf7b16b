import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatProblem } from "../../model/problem.ts";
import { readSettingsWithFiles } from "../../stacks/namespace-files.ts";
import { removeScratch, scratch } from "../support/processes.ts";

const minimal = { cluster: { name: "dev", nodes: 3 } };

after(removeScratch);

describe("readSettingsWithFiles()", () => {
  const folderWith = (files: Readonly<Record<string, string>>): string => {
    const folder = scratch();
    mkdirSync(join(folder, "teams"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return folder;
  };
  const complaints = (raw: object, folder: string): string[] =>
    readSettingsWithFiles({ ...minimal, ...raw }, folder).problems.map(formatProblem);

  it("lays the namespaces of all files behind the stack's own", () => {
    const folder = folderWith({
      "teams/b.yaml": "- name: bank",
      "teams/a.yaml": "- name: shop\n- name: stock\n",
      "more.json": '[{ "name": "late" }]',
    });
    const { settings } = readSettingsWithFiles(
      { ...minimal, namespaces: [{ name: "first" }], namespaceFiles: ["teams/*.yaml", "more.json"] },
      folder,
    );
    assert.deepEqual(
      settings?.namespaces.map(({ name }) => name),
      ["first", "shop", "stock", "bank", "late"],
    );
  });

  it("does without files", () => {
    const { settings } = readSettingsWithFiles({ ...minimal, namespaces: [{ name: "first" }] });
    assert.equal(settings?.namespaces.length, 1);
  });

  it("tells a problem where it stands", () => {
    const folder = folderWith({ "teams/a.yaml": "- name: shop\n- name: Stock\n" });
    const [own, inFile] = complaints(
      { namespaces: [{ name: "First" }], namespaceFiles: ["teams/a.yaml"] },
      folder,
    );
    assert.match(own ?? "", /^namespaces\[0\]\.name: /);
    assert.match(inFile ?? "", /^teams\/a\.yaml\[1\]\.name: /);
  });

  it("lets a flow end in another file", () => {
    const folder = folderWith({
      "teams/a.yaml":
        "- { name: shop, workloads: [{ name: web }], flows: [{ from: web, to: bank/api, port: 80 }] }",
      "teams/b.yaml": "- { name: bank, workloads: [{ name: api, ports: { http: 80 } }] }",
    });
    assert.deepEqual(complaints({ namespaceFiles: ["teams/*"] }, folder), []);
  });

  it("refuses names of no file, and files with no list in them", () => {
    const folder = folderWith({ "teams/a.yaml": "name: shop", "teams/b.yaml": "- name: [" });
    assert.deepEqual(complaints({ namespaceFiles: ["team/*.yaml"] }, folder), [
      "namespaceFiles: No file team/*.yaml: name files relative to the program's folder; * stands for any part of a name",
    ]);
    const [noList, noYaml] = complaints({ namespaceFiles: ["teams/*"] }, folder);
    assert.match(noList ?? "", /^teams\/a\.yaml: Is no list: write a list of namespaces/);
    assert.match(noYaml ?? "", /^teams\/b\.yaml: Not YAML/);
    assert.match(complaints({ namespaceFiles: "teams/*" }, folder)[0] ?? "", /^namespaceFiles: /);
  });
});
