import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey } from "node:crypto";
import {
  accessOf,
  kubeconfig,
  randomToken,
  serviceAccountKeys,
  tokenFile,
} from "../../../sandbox/control-plane/credentials.ts";

describe("randomToken()", () => {
  it("never gives the same one, and nothing that a CSV file would have to quote", () => {
    assert.notEqual(randomToken(), randomToken());
    assert.match(randomToken(), /^[\w-]{43}$/);
  });
});

describe("tokenFile()", () => {
  it("makes the token's bearer a cluster administrator", () => {
    assert.equal(tokenFile("t"), 't,sandbox-admin,sandbox-admin,"system:masters"\n');
  });
});

describe("serviceAccountKeys()", () => {
  it("gives a pair in the formats that Kubernetes reads", () => {
    const { privateKey, publicKey } = serviceAccountKeys();
    assert.match(privateKey, /^-----BEGIN EC PRIVATE KEY-----/);
    const derived = createPublicKey(createPrivateKey(privateKey)).export({ type: "spki", format: "pem" });
    assert.equal(derived, publicKey);
  });
});

describe("kubeconfig()", () => {
  it("round-trips how to reach the cluster", () => {
    const access = { server: "https://127.0.0.1:1", token: "t", authority: "PEM\n" };
    const text = kubeconfig("sandbox-x", access.server, access.token, { pem: access.authority });
    assert.deepEqual(accessOf(text), access);
    assert.match(text, /^current-context: sandbox-x$/m);
  });

  it("can point at certificates that are not there yet", () => {
    assert.match(
      kubeconfig("c", "https://127.0.0.1:1", "t", { file: "/f/ca.crt" }),
      /certificate-authority: \/f\/ca.crt/,
    );
  });
});
