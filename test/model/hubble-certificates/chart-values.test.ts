import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { chartKey } from "../../../model/cilium/chart-keys.ts";
import { chartRuleProblems, ChartValues } from "../../../model/cilium/chart-rules/index.ts";
import { parseChartVersion } from "../../../model/cilium/chart-version.ts";
import { typeProblem } from "../../../model/cilium/key-types.ts";
import { isPlainObject, mergeValues, type Values } from "../../../model/cilium/merge-values.ts";
import { ciliumValues } from "../../../model/cilium/values.ts";
import { certificateValues, takesSecrets } from "../../../model/hubble-certificates/chart-values.ts";
import { wantedLeaves } from "../../../model/hubble-certificates/leaves.ts";
import { cachedChart } from "../../support/cached-chart.ts";
import { ciliumSettings } from "../../support/datapath-options.ts";

const withServers: Values = { hubble: { relay: { tls: { server: { enabled: true } } } } };
const charts = [14, 15, 16, 17, 18, 19, 20].flatMap((minor) =>
  Array.from({ length: 21 }, (_, patch) => `1.${minor}.${patch}`),
);

/** Values with and without certificates, as a release of that chart gets them. */
function valuesOf(chart: string, own: Values = {}) {
  const version = parseChartVersion(chart) ?? assert.fail(chart);
  const settings = { ...ciliumSettings(chart), values: own };
  const base = ciliumValues({ settings, apiServer: { host: "h", port: 1 }, operatorReplicas: 1 });
  const leaves = wantedLeaves(new ChartValues(base, version, own, new Map()));
  const added = certificateValues(leaves, chart, {
    cert: ({ name }) => `cert of ${name}`,
    key: ({ name }) => `key of ${name}`,
    authorities: "authorities",
  });
  return { version, added, all: mergeValues(base, added) };
}

describe("certificateValues()", () => {
  it("names our Secrets to charts that take a name, and turns the chart's own making off", () => {
    assert.deepEqual(valuesOf("1.20.2", withServers).added, {
      hubble: {
        tls: { auto: { enabled: false }, server: { existingSecret: "cluster-network-hubble-server" } },
        relay: {
          tls: {
            client: { existingSecret: "cluster-network-hubble-relay-client" },
            server: { existingSecret: "cluster-network-hubble-relay-server" },
          },
        },
        ui: { tls: { client: { existingSecret: "cluster-network-hubble-ui-client" } } },
      },
    });
  });

  it("gives older charts the certificates themselves", () => {
    assert.deepEqual(valuesOf("1.15.19").added, {
      tls: { ca: { cert: "authorities" } },
      hubble: {
        tls: { auto: { enabled: false }, server: { cert: "cert of server", key: "key of server" } },
        relay: { tls: { client: { cert: "cert of relay-client", key: "key of relay-client" } } },
      },
    });
  });

  it("takes the first chart with names for what it is", () => {
    assert.deepEqual(
      charts.filter((chart, i) => takesSecrets(chart) !== takesSecrets(charts[i - 1] ?? "1.14.0")),
      ["1.16.1"],
    );
  });

  for (const own of [{}, withServers]) {
    it(`gives every chart only keys it has, in types and combinations it takes${own === withServers ? ", relay's TLS included" : ""}`, () => {
      for (const chart of charts) {
        const { version, added, all } = valuesOf(chart, own);
        for (const [path, value] of leavesOf(added)) {
          const key = chartKey(path, version) ?? assert.fail(`${chart} has no ${path.join(".")}`);
          assert.equal(typeProblem(path, value, key, version), undefined, `${chart} ${path.join(".")}`);
        }
        assert.deepEqual(chartRuleProblems(new ChartValues(all, version, {}, new Map())), [], chart);
      }
    });
  }

  it("is taken by the schema of chart 1.20.2", async function () {
    const folder = await cachedChart(this, "cilium-chart");
    const json = JSON.parse(readFileSync(join(folder, "values.schema.json"), "utf8")) as Parameters<
      typeof z.fromJSONSchema
    >[0];
    assert.equal(z.fromJSONSchema(json).safeParse(valuesOf("1.20.2", withServers).all).error, undefined);
  });
});

const leavesOf = (values: Values, parent: readonly string[] = []): [string[], unknown][] =>
  Object.entries(values).flatMap(([name, value]): [string[], unknown][] =>
    isPlainObject(value) ? leavesOf(value, [...parent, name]) : [[[...parent, name], value]],
  );
