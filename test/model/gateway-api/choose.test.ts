import assert from "node:assert/strict";
import { chooseCrds } from "../../../model/gateway-api/choose.ts";
import { readCrd } from "../../../model/gateway-api/crd.ts";
import { formatProblem } from "../../../model/problem.ts";
import { type CrdOver, gatewayCrd } from "../../support/gateway-crds.ts";

const plan = { bundle: "1.6.1", required: { tlsroutes: "v1" }, experimental: [] };
const name = "tlsroutes.gateway.networking.k8s.io";

/** Chooses TLSRoute from such documents over what is there. */
function choose(offered: readonly CrdOver[], there?: CrdOver, experimental: readonly string[] = []) {
  const documents = [null, "text", ...offered.map((over) => gatewayCrd("tlsroutes", over))];
  const live = [there && readCrd(gatewayCrd("tlsroutes", there))].filter((crd) => crd !== undefined);
  const { chosen, problems } = chooseCrds(documents, { ...plan, experimental }, live, "./crds");
  return {
    channels: chosen.map(({ object }) => readCrd(object)?.channel),
    problems: problems.map(formatProblem),
  };
}
const standard: CrdOver = { channel: "standard", versions: ["v1", "v1alpha2-"] };
const experimental: CrdOver = { channel: "experimental", versions: ["v1", "v1alpha2"] };

describe("chooseCrds()", () => {
  const cases: [what: string, found: ReturnType<typeof choose>, channels: string[]][] = [
    ["takes the standard channel of both", choose([experimental, standard]), ["standard"]],
    ["takes the experimental one where there is no other", choose([experimental]), ["experimental"]],
    [
      "takes the experimental one where it has to be",
      choose([standard, experimental], undefined, ["tlsroutes"]),
      ["experimental"],
    ],
    [
      "keeps the experimental channel that is there",
      choose([standard, experimental], { ...experimental, bundle: "1.4.1" }),
      ["experimental"],
    ],
    ["upgrades the standard one", choose([standard, experimental], { bundle: "1.4.1" }), ["standard"]],
    ["leaves a newer one alone", choose([standard], { bundle: "1.6.2" }), []],
    ["accepts a newer source", choose([{ ...standard, bundle: "1.7.0" }]), ["standard"]],
  ];
  for (const [what, { channels, problems }, expected] of cases) {
    it(what, () => assert.deepEqual({ channels, problems }, { channels: expected, problems: [] }));
  }

  const refused: [what: string, found: ReturnType<typeof choose>, said: string][] = [
    [
      "nothing of the kind",
      choose([]),
      `./crds: Has no CRD ${name}: use all that Gateway API 1.6.1 publishes`,
    ],
    [
      "the standard channel over the experimental one",
      choose([standard], experimental),
      `./crds: Has no CRD ${name} of the experimental channel: use all that Gateway API 1.6.1 publishes, of both channels`,
    ],
    [
      "an older source",
      choose([{ ...standard, bundle: "1.5.1" }]),
      `./crds: Has ${name} of Gateway API 1.5.1, older than 1.6.1: use that of 1.6.1`,
    ],
    [
      "a source that does not serve what the operator needs",
      choose([{ versions: ["v1-", "v2"], bundle: "2.0.0" }]),
      `./crds: Has ${name} of Gateway API 2.0.0, which does not serve v1: use that of 1.6.1`,
    ],
    [
      "to hide objects that are stored in a version no longer served",
      choose([standard], { bundle: "1.4.1", stored: ["v1alpha2"] }),
      `${name}: Objects may be stored as v1alpha2, which Gateway API 1.6.1 no longer serves: ` +
        "write each object once more (kubectl get and replace), take v1alpha2 out of the CRD's status.storedVersions, and run again",
    ],
  ];
  for (const [what, { channels, problems }, said] of refused) {
    it(`refuses ${what}`, () => assert.deepEqual({ channels, problems }, { channels: [], problems: [said] }));
  }
});
