import assert from "node:assert/strict";
import { ciliumValues } from "../../../model/cilium/values.ts";
import { mergeValues } from "../../../model/cilium/merge-values.ts";
import { secretReferences } from "../../../model/hubble-certificates/chart-values.ts";
import { secretName } from "../../../model/hubble-certificates/leaves.ts";
import { day } from "../../../model/hubble-certificates/lifetime.ts";
import { planCertificates, usesHubble } from "../../../model/hubble-certificates/plan.ts";
import { type LiveCertificate, ownLabels, recordName } from "../../../model/live.ts";
import { planNetwork } from "../../../model/plan.ts";
import { formatProblem } from "../../../model/problem.ts";
import { liveCluster } from "../../support/live.ts";
import { settingsOf } from "../../support/settings.ts";

const stack = "cluster-network.test";
const readAt = Date.UTC(2026, 10, 26);

const secret = (
  leaf: string,
  days: number | undefined,
  generation: number | undefined = 3,
): LiveCertificate => ({
  namespace: "kube-system",
  name: secretName(leaf),
  labels: ownLabels(stack),
  notAfter: days === undefined ? undefined : readAt + days * day,
  generation,
});

function planOf(found: readonly LiveCertificate[], cilium: object = {}, over: object = {}) {
  const settings = settingsOf({ cilium }).cilium;
  const values = ciliumValues({ settings, apiServer: { host: "h", port: 1 }, operatorReplicas: 1 });
  const { certificates, problems, warnings } = planCertificates(
    settings,
    values,
    liveCluster({ certificates: { readAt, found }, ...over }),
  );
  return {
    ...certificates,
    certificates,
    problems: problems.map(formatProblem),
    warnings: warnings.map(formatProblem),
  };
}

describe("planCertificates()", () => {
  it("makes the agents' and relay's by the names of the chart's own", () => {
    const { leaves } = planOf([]);
    assert.deepEqual(
      leaves?.map(({ name, usage, dnsNames }) => [name, usage, ...dnsNames]),
      [
        ["server", "server", "*.default.hubble-grpc.cilium.io"],
        ["relay-client", "client", "*.hubble-relay.cilium.io"],
      ],
    );
  });

  it("makes one for every server that the values turn on, with the names they add", () => {
    const { leaves } = planOf([], {
      clusterMesh: { id: 1, name: "eu1" },
      values: {
        hubble: {
          tls: { server: { extraDnsNames: ["a.example"], extraIpAddresses: ["10.0.0.1"] } },
          metrics: { enabled: ["dns"], tls: { enabled: true, server: { extraDnsNames: ["m.example"] } } },
          relay: { tls: { server: { enabled: true, extraDnsNames: ["relay.example"] } } },
        },
      },
    });
    assert.deepEqual(
      leaves?.map(({ name, dnsNames, ipAddresses }) => [name, dnsNames, ipAddresses]),
      [
        [
          "server",
          ["*.eu1.hubble-grpc.cilium.io", "eu1.hubble-metrics.cilium.io", "a.example", "m.example"],
          ["10.0.0.1"],
        ],
        ["relay-client", ["*.hubble-relay.cilium.io"], []],
        ["relay-server", ["*.hubble-relay.cilium.io", "relay.example"], []],
        ["ui-client", ["*.hubble-ui.cilium.io"], []],
      ],
    );
  });

  it("names an old cluster with a dot in its name as the agents call themselves", () => {
    const { leaves } = planOf([], { version: "1.15.19", values: { cluster: { name: "eu.one" } } });
    assert.equal(leaves?.[0]?.commonName, "*.eu-one.hubble-grpc.cilium.io");
  });

  it("makes none where Hubble or its TLS is off", () => {
    assert.equal(planOf([], { hubble: { enabled: false, relay: false, ui: false } }).certificates, undefined);
    assert.equal(planOf([], { values: { hubble: { tls: { enabled: false } } } }).certificates, undefined);
  });

  describe("its generation", () => {
    const good = [secret("server", 200), secret("relay-client", 200)];

    it("stays while all are there and good", () => {
      const { generation, warnings } = planOf(good);
      assert.deepEqual([generation, warnings], [3, []]);
      assert.equal(planOf([secret("server", 91), secret("relay-client", 91)]).generation, 3);
    });

    it("rises by one when one is due, and says when it ends", () => {
      const { generation, warnings } = planOf([secret("server", 90), secret("relay-client", 200)]);
      assert.equal(generation, 4);
      assert.deepEqual(warnings, [
        "kube-system/cluster-network-hubble-server: The certificate ends on 2027-02-24: this deployment renews it, and nothing has to be restarted",
      ]);
    });

    it("rises when one has ended, or cannot be read", () => {
      const ended = planOf([secret("server", -1), secret("relay-client", 200)]);
      assert.equal(ended.generation, 4);
      assert.match(ended.warnings.join(), /The certificate has ended on 2026-11-25/);
      const broken = planOf([secret("server", undefined), secret("relay-client", 200)]);
      assert.equal(broken.generation, 4);
      assert.match(broken.warnings.join(), /no certificate in it that can be read/);
    });

    it("is one that no state has where a Secret is missing", () => {
      for (const found of [
        [],
        good.slice(1),
        [secret("server", 200, undefined), secret("relay-client", 200, undefined)].map((one) => ({
          ...one,
          generation: undefined,
        })),
      ]) {
        assert.equal(planOf(found).generation, readAt / 1000);
      }
      const ahead = readAt / 1000 + 5;
      assert.equal(planOf([secret("server", 200, ahead)]).generation, ahead + 1);
    });

    it("is the newest where a run was killed between two Secrets", () => {
      assert.equal(planOf([secret("server", 300, 4), secret("relay-client", 200)]).generation, 4);
    });

    it("does not mind the chart's own Secrets", () => {
      const theirs = { ...secret("server", -5), name: "hubble-server-certs", generation: undefined };
      assert.equal(planOf([...good, theirs]).generation, 3);
    });
  });

  describe("leaves them to others, and says so,", () => {
    const theirs = (days: number) => [{ ...secret("server", days), name: "hubble-server-certs" }];

    for (const [what, values] of [
      [
        "hubble.tls.auto",
        { hubble: { tls: { auto: { method: "certmanager", certManagerIssuerRef: { name: "x" } } } } },
      ],
      ["hubble.tls.server.existingSecret", { hubble: { tls: { server: { existingSecret: "mine" } } } }],
      ["hubble.relay.tls.client.cert", { hubble: { relay: { tls: { client: { cert: "x" } } } } }],
      ["tls.ca.cert", { tls: { ca: { cert: "x" } } }],
      ["tls.caBundle", { tls: { caBundle: { enabled: true } } }],
    ] as const) {
      it(`for the user's own ${what}`, () => {
        const { certificates, warnings } = planOf([], { values });
        assert.equal(certificates, undefined);
        assert.ok(
          warnings[0]?.startsWith(`cilium.values.${what}: Given: Hubble's certificates are not made here`),
          warnings[0],
        );
      });
    }

    it("but not where the first certificate would come from a hook that never runs", () => {
      const cronJob = (version: string) => ({
        version,
        values: { hubble: { tls: { auto: { method: "cronJob" } } } },
      });
      assert.match(
        planOf([], cronJob("1.18.2")).problems.join(),
        /^cilium\.values\.hubble\.tls\.auto\.method: cronJob: .*time-out/,
      );
      assert.deepEqual(planOf(theirs(200), cronJob("1.18.2")).problems, []);
      assert.deepEqual(planOf([], cronJob("1.19.0")).problems, []);
      assert.deepEqual(
        planOf([], { ...cronJob("1.18.2"), hubble: { relay: false, ui: false } }).problems,
        [],
      );
    });

    it("for certificates: chart, with the end of the chart's when it is near", () => {
      const chart = { hubble: { certificates: "chart" } };
      assert.equal(planOf([], chart).certificates, undefined);
      assert.doesNotMatch(planOf(theirs(91), chart).warnings.join(), /hubble-server-certs/);
      assert.match(
        planOf(theirs(30), chart).warnings.join(),
        /hubble-server-certs: The certificate ends on 2026-12-26/,
      );
    });
  });

  it("says what a release that had the chart's own goes through", () => {
    const record = { namespace: "kube-system", name: recordName, labels: ownLabels(stack) };
    const release = (values: object) => ({
      record,
      deployedRelease: {
        secret: "s",
        revision: 1,
        status: "deployed",
        content: { chartVersion: "1.20.2", values },
      },
    });
    assert.match(
      planOf([], {}, release({})).warnings.join(),
      /come from this stack from now on; agents and relay restart/,
    );
    assert.match(
      planOf([], { version: "1.15.19" }, release({})).warnings.join(),
      /agents take them up as they run/,
    );
    assert.deepEqual(planOf([], {}, release({ hubble: { tls: { auto: { enabled: false } } } })).warnings, []);
  });

  describe("tell when the nodes take up what else changes:", () => {
    const chart = { hubble: { certificates: "chart" } };
    /** The plan of a larger map, over a release of this stack with other settings. */
    const takesEffect = (before: object, after: object): string => {
      const record = { namespace: "kube-system", name: recordName, labels: ownLabels(stack) };
      const { plan: first } = planNetwork(settingsOf({ cilium: before }), liveCluster(), stack);
      const { version: chartVersion } = settingsOf({ cilium: before }).cilium;
      const given = secretReferences(first?.certificates?.leaves ?? [], chartVersion);
      const release = {
        secret: "s",
        revision: 1,
        status: "deployed",
        content: {
          chartVersion,
          values: mergeValues(first?.cilium?.values ?? {}, first?.certificates ? given : {}),
        },
      };
      const larger = { ...after, allowDatapathChange: true, values: { bpf: { ctTcpMax: 600_000 } } };
      const live = liveCluster({ record, release, deployedRelease: release });
      const { plan, problems } = planNetwork(settingsOf({ cilium: larger }), live, stack);
      assert.deepEqual(problems, []);
      return plan?.upgrade?.takesEffect ?? "";
    };
    const old = { version: "1.15.19" };
    const cases: [title: string, before: object, after: object, expected: RegExp][] = [
      ["at once with a hand-over from the chart, which restarts agents", chart, {}, /^node by node/],
      ["at once with one to the chart", {}, chart, /^node by node/],
      ["late where the stack made them before", {}, {}, /^on each node at the next start/],
      ["late where the chart goes on to make them", chart, chart, /^on each node at the next start/],
      [
        "late where a chart is given them whole",
        { ...old, ...chart },
        old,
        /^on each node at the next start/,
      ],
    ];
    for (const [title, before, after, expected] of cases)
      it(title, () => assert.match(takesEffect(before, after), expected));
  });

  it("is part of the plan, and stopped by a Secret that is somebody else's", () => {
    const found = [{ ...secret("server", 200), labels: {} }];
    const live = liveCluster({ certificates: { readAt, found } });
    assert.equal(planNetwork(settingsOf({}), liveCluster(), stack).plan?.certificates?.leaves.length, 2);
    const { plan, problems } = planNetwork(settingsOf({}), live, stack);
    assert.equal(plan, undefined);
    assert.match(
      problems.map(formatProblem).join(),
      /^kube-system\/cluster-network-hubble-server: Secret exists already and is not of this program/,
    );
  });
});

describe("usesHubble()", () => {
  const off = { enabled: false, relay: false, ui: false };
  const uses = (cilium: object): boolean => usesHubble(settingsOf({ cilium }).cilium);

  it("follows the setting, and the chart values over it", () => {
    assert.equal(uses({}), true);
    assert.equal(uses({ hubble: off }), false);
    assert.equal(uses({ hubble: off, values: { hubble: { enabled: true } } }), true);
    assert.equal(uses({ hubble: { ...off, enabled: true }, values: { hubble: { enabled: false } } }), false);
    assert.equal(uses({ enabled: false }), false);
  });
});
