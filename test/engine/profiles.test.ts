import assert from "node:assert/strict";
import { ifFound } from "../../components/cluster-client.ts";
import { mergeValues, type Values } from "../../model/cilium/merge-values.ts";
import { profileNames } from "../../model/profiles.ts";
import { readStackFile } from "../../stacks/stack-file.ts";
import type { ProgramName } from "../../toolchain/index.ts";
import { newestRelease } from "../support/cluster-facts.ts";
import { expectRun } from "../support/runs.ts";
import { useSandbox } from "../support/sandbox.ts";

/** Charts that are at hand, with the CRDs of the Gateway API that go with them. */
const charts = [
  ["1.15.19", "cilium-chart-1.15", "gateway-api-crds-1.1"],
  ["1.20.2", "cilium-chart", "gateway-api-crds"],
] as const satisfies readonly (readonly [string, ProgramName, ProgramName])[];

const namespace = "kube-system";

/** Concerns that are tested elsewhere. */
const others = { dns: { enabled: false }, nodeTuning: { enabled: false }, namespaces: [] };

describe("Cilium for each profile", function () {
  this.timeout("3 minutes");
  const sandbox = useSandbox();

  before(() => sandbox().engine.createStack("dev", sandbox().here));

  for (const [version, chart, crds] of charts) {
    describe(`by chart ${version}`, () => {
      /** The example's datapath on this cluster, with consent to what the step to it does to traffic. */
      const configure = (profile: string): void => {
        const { cilium = {} } = readStackFile(`examples/profiles/Pulumi.${profile}.yaml`).config as Values;
        const { tools } = sandbox();
        const own = {
          version,
          chart: { path: tools.path(chart) },
          gatewayApi: { crds: { path: tools.path(crds) } },
          allowDatapathChange: true,
          kubeProxy: "keep",
        };
        // Calico, which small chooses, has tests of its own.
        const over = { ...others, profile, datapath: "cilium", cilium: mergeValues(cilium as Values, own) };
        sandbox().engine.configure("dev", mergeValues(sandbox().here, over));
      };

      for (const [nth, profile] of profileNames.entries()) {
        const title = nth === 0 ? "is released for" : "goes over to";
        it(`${title} ${profile}, is awaited, and is left alone by the run after`, async () => {
          configure(profile);
          expectRun(await sandbox().engine.up("dev")).succeeds();
          const release = await newestRelease(sandbox());
          assert.deepEqual(
            [release.chartVersion, release.status, release.revision],
            [version, "deployed", nth + 1],
          );
          const { status } = await sandbox().client.apps.readNamespacedDaemonSet({
            namespace,
            name: "cilium",
          });
          assert.equal(status?.numberReady, 3);
          expectRun(await sandbox().engine.preview("dev", "--expect-no-changes")).succeeds();
        });
      }

      it("is taken out", async () => {
        expectRun(await sandbox().engine.destroy("dev")).succeeds();
        const { apps, core } = sandbox().client;
        assert.equal(await ifFound(apps.readNamespacedDaemonSet({ namespace, name: "cilium" })), undefined);
        const { items } = await core.listNamespacedSecret({ namespace, labelSelector: "owner=helm" });
        assert.deepEqual(items, []);
      });
    });
  }
});
