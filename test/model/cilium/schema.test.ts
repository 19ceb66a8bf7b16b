import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { z } from "zod";
import { chartKey, chartKeyNames } from "../../../model/cilium/chart-keys.ts";
import { typeProblem } from "../../../model/cilium/key-types.ts";
import { nested } from "../../../model/cilium/merge-values.ts";
import { ciliumValues } from "../../../model/cilium/values.ts";
import { cachedChart } from "../../support/cached-chart.ts";
import { anyOptions, anySizes, ciliumSettings } from "../../support/datapath-options.ts";

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
}

const version = { minor: 20, patch: 2 };

describe("the schema of chart 1.20.2", () => {
  let json: Schema;
  let schema: z.ZodType;
  before(async function () {
    const folder = await cachedChart(this, "cilium-chart");
    json = JSON.parse(readFileSync(join(folder, "values.schema.json"), "utf8")) as Schema;
    schema = z.fromJSONSchema(json as Parameters<typeof z.fromJSONSchema>[0]);
  });

  it("takes the values of any options", () => {
    fc.assert(
      fc.property(anyOptions, anySizes, (options, sizes) => {
        const settings = ciliumSettings("1.20.2", options);
        const apiServer = { host: "10.0.0.10", port: 6443 };
        const { error } = schema.safeParse(ciliumValues({ settings, apiServer, operatorReplicas: 2, sizes }));
        assert.equal(error, undefined);
      }),
    );
  });

  it("refuses the same values as we do", () => {
    const samples = [true, 1, 1.5, "x", "5", [], ["a"], [1], {}, "Local"];
    const top = chartKeyNames([], version);
    const below = top.flatMap((name) => chartKeyNames([name], version).map((child) => [name, child]));
    // Keys that only templates know are in no schema.
    const isInSchema = (path: readonly string[]): boolean =>
      path.reduce<Schema | undefined>((at, name) => at?.properties?.[name], json) !== undefined;
    for (const path of [...top.map((name) => [name]), ...below].filter(isInSchema)) {
      const key = chartKey(path, version) ?? assert.fail(path.join("."));
      for (const value of samples) {
        const ours = typeProblem(path, value, key, version) === undefined;
        const theirs = schema.safeParse(nested(path.join("."), value)).success;
        assert.ok(ours || !theirs, `${path.join(".")}: ${JSON.stringify(value)} is refused by us alone`);
        assert.ok(
          theirs || !ours,
          `${path.join(".")}: ${JSON.stringify(value)} is refused by the schema alone`,
        );
      }
    }
  }).timeout(60_000);
});
