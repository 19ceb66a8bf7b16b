import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { issue } from "../../components/hubble-certificates/authority.ts";
import { secretData } from "../../components/hubble-certificates/secret-data.ts";
import { Engine } from "../../sandbox/engine.ts";
import { expectRun } from "../support/runs.ts";
import { deployDev, until, useDataPlane } from "../support/data-plane.ts";
import { lateClock } from "../support/late-clock.ts";

/** Connects as relay does, and prints whom it met. Arguments: a file with the client's certificate. */
const meetTheAgent = `
const { readFileSync } = require("node:fs");
const { ca, cert, key } = JSON.parse(readFileSync(process.argv[1], "utf8"));
const socket = require("node:tls").connect(
  { host: "127.0.0.1", port: 4244, servername: "any.default.hubble-grpc.cilium.io", ca, cert, key, ALPNProtocols: ["h2"] },
);
// The agent refuses a client after the handshake, and greets one that it knows.
socket.once("data", () => { console.log(socket.getPeerX509Certificate().fingerprint256); socket.destroy(); });
socket.once("error", ({ message }) => { console.log("refused: " + message); });
socket.once("close", () => process.exit());
`;

describe("Hubble's certificates, on a real agent", function () {
  this.timeout("3 minutes");
  const plane = useDataPlane(1);

  const filesOf = async (secret: string): Promise<Record<string, string>> =>
    (await plane().core.readNamespacedSecret({ namespace: "kube-system", name: secret })).data ?? {};
  const fingerprintIn = async (secret: string): Promise<string> =>
    new X509Certificate(text((await filesOf(secret))["tls.crt"])).fingerprint256;
  /** Whom a client with these files meets on the agent's port. */
  const meet = async (files: Record<string, string>): Promise<string> => {
    const file = join(plane().folder, "client.json");
    const client = { ca: text(files["ca.crt"]), cert: text(files["tls.crt"]), key: text(files["tls.key"]) };
    writeFileSync(file, JSON.stringify(client), { mode: 0o600 });
    const { stdout } = await plane().dataPlane.exec(
      { node: "node-1" },
      [process.execPath, "-e", meetTheAgent, file],
      5,
    );
    return stdout.trim();
  };
  const relay = () => filesOf("cluster-network-hubble-relay-client");

  it("are what it shows to relay, and asks of relay", async () => {
    const { engine, tools, dataPlane } = plane();
    const late = new Engine({
      bin: tools.bin,
      folder: engine.folder,
      kubeconfig: dataPlane.kubeconfig,
      env: lateClock(300),
    });
    await deployDev({ ...plane(), engine: late });
    const own = await fingerprintIn("cluster-network-hubble-server");
    await until("the agent shows its certificate", 30, async () => (await meet(await relay())) === own);

    const nobody = {
      name: "x",
      usage: "client",
      commonName: "x",
      dnsNames: ["x"],
      ipAddresses: [],
      takers: [],
    } as const;
    const stranger = secretData(await issue([nobody], undefined, Date.now()), nobody);
    const trusting = { ...stranger, "ca.crt": (await relay())["ca.crt"] ?? "" };
    assert.match(await meet(trusting), /^refused: .*(unknown ca|bad certificate)/i);
  });

  it("are exchanged while it runs", async () => {
    const agents = async () => {
      const labelSelector = "k8s-app=cilium";
      const { items } = await plane().core.listNamespacedPod({ namespace: "kube-system", labelSelector });
      return items.map(({ metadata, status }) => [
        metadata?.uid,
        status?.containerStatuses?.map(({ restartCount }) => restartCount),
      ]);
    };
    const [before, former] = [await agents(), await fingerprintIn("cluster-network-hubble-server")];
    expectRun(await plane().engine.up("dev")).succeeds();
    const renewed = await fingerprintIn("cluster-network-hubble-server");
    assert.notEqual(renewed, former);
    await until("the agent shows the renewed one", 60, async () => (await meet(await relay())) === renewed);
    assert.deepEqual(await agents(), before);
  });
});

const text = (encoded = ""): string => Buffer.from(encoded, "base64").toString();
