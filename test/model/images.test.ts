import assert from "node:assert/strict";
import { stackImages } from "../../model/images.ts";
import { formatProblem } from "../../model/problem.ts";
import { settingsOf } from "../support/settings.ts";

const imageRegistry = "registry.example/m";

describe("stackImages()", () => {
  it("has what the release pulls, and what we add", () => {
    const { pulled, warnings } = stackImages(settingsOf({}));
    const names = pulled.map(({ image }) => image);
    assert.ok(names.includes("quay.io/cilium/cilium:v1.20.2"));
    assert.ok(names.includes("docker.io/library/busybox:1.37.0"));
    assert.deepEqual(names, [...new Set(names)].sort());
    assert.ok(pulled.every(({ image, source }) => image === source));
    assert.deepEqual(warnings, []);
  });

  it("pairs each image of a mirror with its source", () => {
    const nodeTuning = { image: `${imageRegistry}/library/busybox:1.37.0` };
    const { pulled, warnings } = stackImages(settingsOf({ cilium: { imageRegistry }, nodeTuning }));
    assert.deepEqual(
      pulled.find(({ source }) => source.startsWith("quay.io/cilium/hubble-ui:")),
      { image: `${imageRegistry}/cilium/hubble-ui:v0.13.6`, source: "quay.io/cilium/hubble-ui:v0.13.6" },
    );
    assert.ok(pulled.every(({ image }) => image.startsWith(imageRegistry)));
    assert.ok(pulled.some(({ source }) => source === "docker.io/library/busybox:1.37.0"));
    assert.deepEqual(warnings, []);
  });

  it("says that it does not know Calico's, with or without a mirror", () => {
    for (const calico of [{}, { imageRegistry }]) {
      const { pulled, lacking } = stackImages(settingsOf({ datapath: "calico", calico }));
      assert.deepEqual(
        pulled.map(({ image }) => image),
        ["docker.io/library/busybox:1.37.0"],
      );
      assert.match(
        lacking.map(formatProblem).join(),
        /^calico: Its images are not listed.*--print-images=list/,
      );
    }
    assert.deepEqual(stackImages(settingsOf({})).lacking, []);
    assert.deepEqual(stackImages(settingsOf({ datapath: "calico", calico: { enabled: false } })).lacking, []);
  });

  it("goes by the mirror of the chosen datapath", () => {
    const calico = { datapath: "calico", calico: { imageRegistry } };
    assert.match(
      stackImages(settingsOf(calico)).warnings.map(formatProblem).join(),
      /^nodeTuning\.image: docker\.io\/library\/busybox:1\.37\.0 does not come from registry\.example\/m \(calico\.imageRegistry\), as all others do/,
    );
    const image = `${imageRegistry}/library/busybox:1.37.0`;
    const { pulled, warnings } = stackImages(settingsOf({ ...calico, nodeTuning: { image } }));
    assert.deepEqual([pulled, warnings], [[{ image, source: "docker.io/library/busybox:1.37.0" }], []]);
  });

  it("follows the release's own values", () => {
    const values = { image: { override: "registry.example/own@sha256:abc" } };
    assert.ok(
      stackImages(settingsOf({ cilium: { imageRegistry } }), values).pulled.some(
        ({ image }) => image === "registry.example/own@sha256:abc",
      ),
    );
  });

  it("has nothing of what is turned off", () => {
    const { pulled } = stackImages(
      settingsOf({ cilium: { enabled: false }, nodeTuning: { enabled: false } }),
    );
    assert.deepEqual(pulled, []);
  });

  it("says what a mirror lacks, and which tags it may have wrong", () => {
    const { unsure, warnings } = stackImages(settingsOf({ cilium: { imageRegistry, version: "1.20.99" } }));
    assert.equal(unsure.length, 3);
    const [image = "", chart = ""] = warnings.map(formatProblem);
    assert.equal(
      image,
      "nodeTuning.image: docker.io/library/busybox:1.37.0 does not come from registry.example/m (cilium.imageRegistry), as all others do: mirror it, too, and set registry.example/m/library/busybox:1.37.0",
    );
    assert.match(
      chart,
      /^cilium\.version: Chart 1\.20\.99 is newer than what is known here, .*cilium-envoy:/,
    );
  });
});
