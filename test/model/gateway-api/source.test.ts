import assert from "node:assert/strict";
import { complaints, minimal } from "../../support/settings.ts";

const said = (crds: object): string[] =>
  complaints({ ...minimal, cilium: { gatewayApi: { enabled: true, crds } } });

describe("crdSourceProblems()", () => {
  it("takes one source, or none", () => {
    for (const crds of [
      {},
      { path: "./crds" },
      { url: "https://mirror.example/crds.yaml" },
      { url: "http://127.0.0.1/crds.yaml", sha256: "0".repeat(64) },
      { existing: true },
    ]) {
      assert.deepEqual(said(crds), []);
    }
  });

  it("refuses two", () => {
    assert.deepEqual(said({ path: "./crds", existing: true }), [
      "cilium.gatewayApi.crds: path and existing are given together: keep one of path, url, existing",
    ]);
  });

  it("refuses a digest of nothing", () => {
    assert.deepEqual(said({ sha256: "0".repeat(64) }), [
      "cilium.gatewayApi.crds.sha256: Is given without the url that it is of: set cilium.gatewayApi.crds.url, too",
    ]);
  });

  it("refuses what is no address of the web", () => {
    assert.match(said({ url: "file:///crds.yaml" }).join("\n"), /cilium\.gatewayApi\.crds\.url/);
  });
});
