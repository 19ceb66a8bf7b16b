import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { releaseImages } from "../../../model/cilium/images.ts";
import { mergeValues, type Values } from "../../../model/cilium/merge-values.ts";
import { ciliumValues } from "../../../model/cilium/values.ts";
import { profileNames } from "../../../model/profiles.ts";
import { cachedChart } from "../../support/cached-chart.ts";
import { ciliumSettings } from "../../support/datapath-options.ts";

const charts = [
  ["1.20.2", "cilium-chart"],
  ["1.15.19", "cilium-chart-1.15"],
] as const;

describe("the images that charts render", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "images-"));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  for (const [version, program] of charts) {
    it(`are those of the list, in all profiles, and mirrored with what brings more: ${version}`, async function () {
      const [chart, helm] = [await cachedChart(this, program), await cachedChart(this, "helm")];
      const wanted: [title: string, values: Values][] = [
        ["baseline", valuesOf({})],
        ...profileNames.map((name): [string, Values] => [name, valuesOf({}, name)]),
        [
          "mirrored with more",
          mergeValues(
            valuesOf({
              imageRegistry: "registry.example/m",
              clusterMesh: { id: 1, apiServer: true, name: "a" },
              envoyDaemonSet: true,
            }),
            more,
          ),
        ],
      ];
      const rendered = wanted.map(async ([title, values]) => {
        const listed = releaseImages({ chartVersion: version, values })?.images ?? [];
        assert.deepEqual(await render(helm, chart, title, values), listed, title);
        return listed.length;
      });
      assert.ok((await Promise.all(rendered)).every((count) => count >= 2));
    });

    const valuesOf = (options: object, profile?: (typeof profileNames)[number]): Values =>
      ciliumValues({
        settings: ciliumSettings(version, options, profile),
        apiServer: { host: "10.0.0.10", port: 6443 },
        operatorReplicas: 2,
      });
  }

  /** Sorted, each once, without digests. */
  async function render(helm: string, chart: string, title: string, values: Values): Promise<string[]> {
    const file = join(folder, `${title.replaceAll(" ", "-")}.json`);
    writeFileSync(file, JSON.stringify(values));
    const args = ["--namespace", "kube-system", "--kube-version", "1.34.1", "--values", file];
    const { stdout } = await promisify(execFile)(helm, ["template", "cilium", chart, ...args], {
      maxBuffer: 2 ** 24,
    });
    const images = [...stdout.matchAll(/^\s*(?:- )?image: "?([^"@\s]+)/gm)].map(([, image = ""]) => image);
    return [...new Set(images)].sort();
  }
});

/** What has images of its own. */
const more: Values = {
  nodeinit: { enabled: true },
  preflight: { enabled: true },
  eni: { enabled: true },
  authentication: {
    enabled: true,
    mutual: { spire: { enabled: true, install: { enabled: true } } },
  },
};
