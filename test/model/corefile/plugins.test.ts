import assert from "node:assert/strict";
import {
  droppedOptions,
  droppedPlugins,
  isAtLeast,
  oncePerServer,
  optionsSince,
  parseCoreDnsVersion,
  pluginsSince,
} from "../../../model/corefile/plugins.ts";

describe("parseCoreDnsVersion()", () => {
  it("reads versions and image tags", () => {
    assert.deepEqual(parseCoreDnsVersion("1.15.0"), [1, 15, 0]);
    assert.deepEqual(parseCoreDnsVersion("v1.11.1-eksbuild.2"), [1, 11, 1]);
    assert.equal(parseCoreDnsVersion("latest"), undefined);
    assert.equal(parseCoreDnsVersion(""), undefined);
  });
});

describe("isAtLeast()", () => {
  it("compares numbers, not text", () => {
    assert.equal(isAtLeast([1, 9, 4], "1.10.0"), false);
    assert.equal(isAtLeast([1, 10, 0], "1.10.0"), true);
    assert.equal(isAtLeast([1, 13, 1], "1.13.2"), false);
    assert.equal(isAtLeast([2, 0, 0], "1.15.0"), true);
  });
});

describe("the tables of plugins", () => {
  it("agree with each other", () => {
    for (const name of [...oncePerServer, ...optionsSince.keys()]) assert.ok(pluginsSince.has(name), name);
    for (const name of droppedPlugins.keys()) assert.ok(!pluginsSince.has(name), name);
    for (const name of droppedOptions.keys()) {
      const [plugin = "", option = ""] = name.split(" ");
      assert.ok(optionsSince.has(plugin) && !Object.hasOwn(optionsSince.get(plugin) ?? {}, option), name);
    }
  });

  it("name releases that can be read", () => {
    const releases = [
      ...pluginsSince.values(),
      ...[...optionsSince.values()].flatMap((options) => Object.values(options)),
      ...[...droppedPlugins.values(), ...droppedOptions.values()].map((dropped) => dropped.in),
    ];
    for (const release of releases) assert.ok(release === undefined || parseCoreDnsVersion(release), release);
  });
});
