import assert from "node:assert/strict";
import { wantedRelease } from "../../../model/cilium/release.ts";
import { type LiveCluster, ownLabels } from "../../../model/live.ts";
import { auditEndProblems } from "../../../model/policies/audit-end.ts";
import { resolveFlows } from "../../../model/policies/flows.ts";
import { policyManifest } from "../../../model/policies/manifest.ts";
import { networkPolicies, type Policy } from "../../../model/policies/policies.ts";
import { withPolicies } from "../../../model/policies/stages.ts";
import { formatProblem } from "../../../model/problem.ts";
import { liveCluster } from "../../support/live.ts";
import { settingsOf } from "../../support/settings.ts";

const stack = "cluster-network.test";

const shop = (stage: string, over: object = {}) => ({
  namespaces: [
    {
      name: "shop",
      stage,
      workloads: [{ name: "web" }, { name: "api", ports: { http: 8080, metrics: 9090 } }],
      flows: [{ from: "web", to: "api", port: "http" }],
      ...over,
    },
  ],
});

const planned = (raw: object): Policy[] => {
  const settings = settingsOf(raw);
  return networkPolicies(withPolicies(settings), resolveFlows(settings).flows);
};

/** As the API server gives objects back: with defaults, and without what is empty. */
const stored = (policies: readonly Policy[], of = stack): object[] =>
  policies.map((policy) => {
    const text = JSON.stringify(policyManifest(policy, ownLabels(of)));
    return JSON.parse(text, (key, value: unknown) =>
      Array.isArray(value) && value.length === 0
        ? undefined
        : key === "metadata"
          ? { ...(value as object), uid: "1", resourceVersion: "7" }
          : value,
    ) as object;
  });

/** A cluster as a deployment of these settings leaves it. */
function after(raw: object, policyObjects: readonly object[] = stored(planned(raw))): LiveCluster {
  const content = wantedRelease(settingsOf(raw), liveCluster());
  const release = { secret: "s", revision: 1, status: "deployed", content };
  return liveCluster({ release, deployedRelease: release, policyObjects });
}

const said = (raw: object, live: LiveCluster): string[] =>
  auditEndProblems(live, wantedRelease(settingsOf(raw), live), planned(raw), stack).map(formatProblem);

describe("auditEndProblems()", () => {
  it("lets an audit end where the policies are there as they are wanted", () =>
    assert.deepEqual(said(shop("enforce"), after(shop("audit"))), []));

  it("lets policies change while the audit stays, and where none was", () => {
    const flows = [{ from: "web", to: "api", port: "metrics" }];
    assert.deepEqual(said(shop("audit", { flows }), after(shop("audit"))), []);
    assert.deepEqual(said(shop("enforce", { flows }), after(shop("enforce"))), []);
  });

  it("refuses to end it before new allows are there, and names them", () => {
    const flows = [
      { from: "web", to: "api", port: "http" },
      { from: "web", to: "api", port: "metrics" },
    ];
    assert.deepEqual(said(shop("enforce", { flows }), after(shop("audit"))), [
      "namespaces: The audit would end before these policies are as the settings have them, and until they are traffic that flows would be denied: NetworkPolicy shop/allow-api (changes) and NetworkPolicy shop/allow-web (changes): deploy them while the audit is on (stage: audit; cilium.policyAuditMode: true where no namespace is audited any more), look at what it logs, then end it by a deployment that changes nothing else of them",
    ]);
  });

  it("refuses where somebody deleted one meanwhile, or edited it", () => {
    const [first, ...rest] = stored(planned(shop("audit")));
    assert.match(said(shop("enforce"), after(shop("audit"), rest)).join(), /allow-dns \(comes\)/);
    const spec = { podSelector: { matchLabels: { app: "web" } } };
    const edited = { ...first, spec: { ...(first as { spec: object }).spec, ...spec } };
    assert.match(
      said(shop("enforce"), after(shop("audit"), [edited, ...rest])).join(),
      /allow-dns \(changes\)/,
    );
  });

  it("refuses where a namespace is to be without policies: they would deny until they are gone", () => {
    assert.match(
      said(shop("observe"), after(shop("audit"))).join(),
      /NetworkPolicy shop\/default-deny-all \(goes\)/,
    );
    assert.match(said({}, after(shop("audit"))).join(), /NetworkPolicy shop\/default-deny-all \(goes\)/);
  });

  it("does not wait for a namespace that has none yet", () => {
    const raw = { namespaces: [...shop("enforce").namespaces, { name: "new", create: true }] };
    assert.deepEqual(said(raw, after(shop("audit"))), []);
  });

  it("leaves other stacks' policies out of it", () => {
    const theirs = stored(planned({ namespaces: [{ name: "lab" }] }), "cluster-network.other");
    const own = stored(planned(shop("audit")));
    assert.deepEqual(said(shop("enforce"), after(shop("audit"), [...own, ...theirs])), []);
  });

  it("holds after a run that was killed when the release was made", () => {
    const flows = [{ from: "web", to: "api", port: "metrics" }];
    const live = after(shop("audit"));
    const content = wantedRelease(settingsOf(shop("enforce")), live);
    const pending = { secret: "s2", revision: 2, status: "pending-upgrade", content };
    assert.equal(said(shop("enforce", { flows }), { ...live, release: pending }).length, 1);
    assert.deepEqual(said(shop("enforce"), { ...live, release: pending }), []);
  });
});
