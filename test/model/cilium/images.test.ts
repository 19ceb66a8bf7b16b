import assert from "node:assert/strict";
import { releaseImages } from "../../../model/cilium/images.ts";
import type { Values } from "../../../model/cilium/merge-values.ts";
import { ciliumValues } from "../../../model/cilium/values.ts";
import { ciliumSettings } from "../../support/datapath-options.ts";

function imagesOf(chartVersion: string, options: object = {}, over: Values = {}) {
  const settings = ciliumSettings(chartVersion, options);
  const apiServer = { host: "10.0.0.10", port: 6443 };
  const values = { ...ciliumValues({ settings, apiServer, operatorReplicas: 2 }), ...over };
  return releaseImages({ chartVersion, values }) ?? assert.fail(chartVersion);
}

describe("releaseImages()", () => {
  it("lists what the baseline pulls", () => {
    const { images, unsure } = imagesOf("1.20.2");
    assert.deepEqual(
      { images, unsure },
      {
        images: [
          "quay.io/cilium/cilium-envoy:v1.37.6-1789133542-cbec91f666af0bf742da986d43832932dbb26b82",
          "quay.io/cilium/cilium:v1.20.2",
          "quay.io/cilium/hubble-relay:v1.20.2",
          "quay.io/cilium/hubble-ui-backend:v0.13.6",
          "quay.io/cilium/hubble-ui:v0.13.6",
          "quay.io/cilium/operator-generic:v1.20.2",
        ],
        unsure: [],
      },
    );
  });

  it("has no Envoy where it runs inside the agent", () => {
    const hasEnvoy = (version: string, over: Values = {}) =>
      imagesOf(version, {}, over).images.some((image) => image.includes("envoy"));
    assert.equal(hasEnvoy("1.15.19"), false);
    assert.equal(hasEnvoy("1.15.19", { envoy: { enabled: true } }), true);
    assert.equal(hasEnvoy("1.16.0"), true);
    assert.equal(hasEnvoy("1.16.0", { upgradeCompatibility: "1.15" }), false);
    assert.equal(hasEnvoy("1.20.2", { upgradeCompatibility: "1.16" }), true);
    assert.equal(hasEnvoy("1.20.2", { envoy: { enabled: false } }), false);
    assert.equal(hasEnvoy("1.20.2", { l7Proxy: false }), false);
  });

  it("has what options bring", () => {
    const mesh = imagesOf("1.20.2", { clusterMesh: { id: 1, name: "a", apiServer: true } }).images;
    assert.ok(mesh.includes("quay.io/cilium/clustermesh-apiserver:v1.20.2"));
    const old = imagesOf("1.14.0", { clusterMesh: { id: 1, name: "a", apiServer: true } }).images;
    assert.ok(old.includes("quay.io/coreos/etcd:v3.5.4"));
  });

  it("names the mirror where there is one", () => {
    const { images } = imagesOf("1.20.2", { imageRegistry: "registry.example/m" });
    assert.ok(
      images.every((image) => image.startsWith("registry.example/m/cilium/")),
      images.join(),
    );
  });

  it("takes what the user's own values name", () => {
    const image = { override: "registry.example/cilium@sha256:abc" };
    assert.ok(imagesOf("1.20.2", {}, { image }).images.includes("registry.example/cilium@sha256:abc"));
    assert.ok(imagesOf("1.20.2", {}, { image: { tag: "v9" } }).images.includes("quay.io/cilium/cilium:v9"));
    assert.ok(
      imagesOf("1.20.2", {}, { eni: { enabled: true } }).images.includes(
        "quay.io/cilium/operator-aws:v1.20.2",
      ),
    );
  });

  it("says which tags it cannot know for a patch to come", () => {
    const { images, unsure } = imagesOf("1.20.9");
    assert.ok(images.includes("quay.io/cilium/cilium:v1.20.9"));
    assert.deepEqual(unsure.map((image) => image.split(":")[0]).sort(), [
      "quay.io/cilium/cilium-envoy",
      "quay.io/cilium/hubble-ui",
      "quay.io/cilium/hubble-ui-backend",
    ]);
  });

  it("knows nothing of what is no chart", () => {
    assert.equal(releaseImages({ chartVersion: "latest", values: {} }), undefined);
  });
});
