import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import type { V1Secret } from "@kubernetes/client-node";
import { mergeValues, type Values } from "../../model/cilium/merge-values.ts";
import { type Issued, parseIssued } from "../../model/hubble-certificates/issued.ts";
import { generationAnnotation } from "../../model/live.ts";
import type { Engine, Run } from "../../sandbox/engine.ts";
import { ifFound } from "../../components/cluster-client.ts";
import { lateClock } from "../support/late-clock.ts";
import { expectRun } from "../support/runs.ts";
import { useSandbox } from "../support/sandbox.ts";

const namespace = "kube-system";
const ours = ["cluster-network-hubble-server", "cluster-network-hubble-relay-client"];
const theirs = ["hubble-server-certs", "hubble-relay-client-certs"];

describe("Hubble's certificates", function () {
  this.timeout("3 minutes");
  const sandbox = useSandbox({ count: 1 });
  /** All that the engine ever printed. */
  const said: string[] = [];
  const listen = async (run: Promise<Run>): Promise<Run> => {
    const done = await run;
    said.push(done.output);
    return done;
  };
  const succeed = async (run: Promise<Run>): Promise<Run> => {
    const done = await listen(run);
    expectRun(done).succeeds();
    return done;
  };

  /** A datapath alone: nothing else matters here. */
  const configure = (engine: Engine, cilium: Values): void => {
    const alone = { namespaces: [], dns: { enabled: false }, nodeTuning: { enabled: false } };
    engine.configure("dev", mergeValues(sandbox().here, { ...alone, cilium }));
  };
  const secret = (name: string): Promise<V1Secret | undefined> =>
    ifFound(sandbox().client.core.readNamespacedSecret({ namespace, name }));
  const has = async (names: readonly string[]): Promise<boolean[]> =>
    Promise.all(names.map(async (name) => (await secret(name)) !== undefined));

  /** What a Secret holds, and that it is a chain that a TLS library takes. */
  const chainIn = async (name: string) => {
    const found = (await secret(name)) ?? assert.fail(`no ${name}`);
    const pem = (key: string) => Buffer.from(found.data?.[key] ?? "", "base64").toString();
    const [leaf, authority] = [new X509Certificate(pem("tls.crt")), new X509Certificate(pem("ca.crt"))];
    assert.ok(leaf.verify(authority.publicKey), `${name} is not signed by its authority`);
    return {
      uid: found.metadata?.uid,
      generation: Number(found.metadata?.annotations?.[generationAnnotation]),
      leaf,
      authority,
    };
  };
  const helmRevisions = async (): Promise<number> =>
    (await sandbox().client.core.listNamespacedSecret({ namespace, labelSelector: "owner=helm,name=cilium" }))
      .items.length;

  /** The same engine with a clock that is late: in all that Node runs for it. */
  const daysAgo = (days: number): Engine =>
    sandbox().newEngine({ folder: sandbox().engine.folder, env: lateClock(days) });

  /** All that is issued, from the state with its secrets shown. */
  const inState = async (engine: Engine): Promise<Issued> => {
    const shown = await engine.run(["stack", "export", "--stack", "dev", "--show-secrets"]);
    const { deployment } = JSON.parse(shown.output) as {
      deployment: { resources: { urn: string; outputs?: { stdout?: { plaintext?: string } } }[] };
    };
    const made = deployment.resources.find(({ urn }) => urn.endsWith("::network-hubble-issue"));
    return (
      parseIssued(JSON.parse(made?.outputs?.stdout?.plaintext ?? "null") as string) ??
      assert.fail("no certificates in the state, or not as a secret")
    );
  };
  /** No private key may be read anywhere. */
  const staysSecret = async (engine: Engine): Promise<void> => {
    const { authority, successor, leaves } = await inState(engine);
    const keys = [authority, successor, ...Object.values(leaves)].flatMap((pair) => (pair ? [pair.key] : []));
    assert.ok(keys.length >= 3);
    const plain = (await engine.run(["stack", "export", "--stack", "dev"])).output;
    const outputs = JSON.stringify(await engine.outputs("dev"));
    for (const key of keys) {
      const body = key.split("\n")[1] ?? assert.fail("no PEM");
      const forms = [body, Buffer.from(key).toString("base64").slice(60, 120)];
      for (const form of forms) {
        assert.ok(!plain.includes(form), "a private key is in plain in the state");
        assert.ok(!outputs.includes(form), "a private key is an output");
        assert.ok(!said.join("\n").includes(form), "a private key was printed");
      }
    }
    assert.doesNotMatch(said.join("\n"), /PRIVATE KEY/);
  };

  describe("of chart 1.20.2", () => {
    let former: Awaited<ReturnType<typeof chainIn>>;

    it("are the chart's where it is told to, and the stack's from a later deployment on", async () => {
      const { engine } = sandbox();
      await engine.createStack("dev", sandbox().here);
      configure(engine, { hubble: { certificates: "chart" } });
      await succeed(engine.up("dev"));
      assert.deepEqual(await has(theirs), [true, true]);
      assert.deepEqual(await has(ours), [false, false]);

      configure(engine, {});
      await succeed(daysAgo(300).up("dev"));
      assert.deepEqual(await has(theirs), [false, false]);
      former = await chainIn("cluster-network-hubble-server");
      assert.equal(former.leaf.subjectAltName, "DNS:*.default.hubble-grpc.cilium.io");
      const { warnings } = await engine.outputs("dev");
      assert.match(JSON.stringify(warnings), /come from this stack from now on; agents and relay restart/);
    });

    it("are what agents and relay mount", async () => {
      const { apps } = sandbox().client;
      const agents = await apps.readNamespacedDaemonSet({ namespace, name: "cilium" });
      const relay = await apps.readNamespacedDeployment({ namespace, name: "hubble-relay" });
      const mounted = [agents, relay].flatMap(({ spec }) =>
        (spec?.template.spec?.volumes ?? []).flatMap(({ projected }) =>
          (projected?.sources ?? []).flatMap((source) => source.secret?.name ?? []),
        ),
      );
      for (const name of ours) assert.ok(mounted.includes(name), `${name} among ${mounted.join()}`);
    });

    it("are renewed when they are due, in place, by the same authority, and without another release", async () => {
      const { engine } = sandbox();
      const revisions = await helmRevisions();
      const preview = await succeed(engine.preview("dev"));
      assert.match(preview.output, /kubernetes:core\/v1:Secret +cluster-network-hubble-server +update/);
      assert.doesNotMatch(preview.output, /helm.sh\/v3:Release/);

      await succeed(engine.up("dev"));
      const renewed = await chainIn("cluster-network-hubble-server");
      assert.equal(renewed.uid, former.uid);
      assert.equal(renewed.generation, former.generation + 1);
      assert.ok(renewed.leaf.validToDate.getTime() > Date.now() + 360 * 86_400_000);
      assert.equal(renewed.authority.fingerprint256, former.authority.fingerprint256);
      assert.equal(await helmRevisions(), revisions);
      const { warnings, hubbleCertificates } = await engine.outputs("dev");
      assert.match(
        JSON.stringify(warnings),
        /hubble-server: The certificate ends on .*this deployment renews it/,
      );
      const { expires } = hubbleCertificates as Record<string, string>;
      assert.equal(expires, renewed.leaf.validToDate.toISOString().slice(0, 10));
    });

    it("come back when somebody deleted one, as they were", async () => {
      const { engine, client } = sandbox();
      const [server = "", relay = ""] = ours;
      const before = await chainIn(relay);
      await client.core.deleteNamespacedSecret({ namespace, name: relay });
      await succeed(engine.up("dev"));
      const after = await chainIn(relay);
      assert.notEqual(after.uid, before.uid);
      assert.equal(after.leaf.fingerprint256, before.leaf.fingerprint256);
      assert.equal(after.generation, (await chainIn(server)).generation);
      await succeed(engine.preview("dev", "--expect-no-changes"));
    });

    it("are nowhere to be read but in the Secrets, and go with the stack", async () => {
      const { engine } = sandbox();
      await staysSecret(engine);
      await succeed(engine.destroy("dev"));
      assert.deepEqual(await has([...ours, ...theirs]), [false, false, false, false]);
    });
  });

  describe("of chart 1.15.19, which is given them whole", () => {
    it("are in the chart's own Secrets, renewed there, and no change is left, by whatever Hubble is on", async () => {
      const { engine, tools } = sandbox();
      configure(engine, {
        version: "1.15.19",
        chart: { path: tools.path("cilium-chart-1.15") },
        hubble: { enabled: false, relay: false, ui: false },
        values: { hubble: { enabled: true, relay: { enabled: true } } },
      });
      await succeed(daysAgo(300).up("dev"));
      const old = await chainIn("hubble-server-certs");
      assert.equal(
        old.leaf.fingerprint256,
        (await chainIn("cluster-network-hubble-server")).leaf.fingerprint256,
      );
      await succeed(engine.up("dev"));
      for (const [i, name] of theirs.entries()) {
        const [chart, own] = [await chainIn(name), await chainIn(ours[i] ?? "")];
        assert.equal(chart.leaf.fingerprint256, own.leaf.fingerprint256);
        assert.notEqual(chart.leaf.fingerprint256, old.leaf.fingerprint256);
      }
      await succeed(engine.preview("dev", "--expect-no-changes"));
    });

    it("are nowhere to be read but in the Secrets, and go with the stack", async () => {
      const { engine } = sandbox();
      await staysSecret(engine);
      await succeed(engine.destroy("dev"));
      assert.deepEqual(await has([...ours, ...theirs]), [false, false, false, false]);
    });
  });
});
