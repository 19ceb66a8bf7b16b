import assert from "node:assert/strict";
import { type Profile, profileNames, profileOf, profiles, withProfile } from "../../model/profiles.ts";
import { atPath } from "../../model/tree.ts";
import { complaints, minimal, settingsOf } from "../support/settings.ts";

describe("withProfile()", () => {
  it("lays the stack over the profile, key by key", () => {
    const cilium = { hubble: { ui: true }, version: "1.19.0" };
    assert.deepEqual(withProfile({ profile: "high-scale", cilium }), {
      profile: "high-scale",
      cilium: { endpointSlices: true, hubble: { ui: true }, operatorReplicas: 2, version: "1.19.0" },
    });
  });

  it("changes neither the profile nor the stack", () => {
    const raw = { profile: "small", cilium: { hubble: {} } };
    const before = structuredClone({ raw, profiles });
    withProfile(raw);
    assert.deepEqual({ raw, profiles }, before);
  });

  it("leaves everything else as it is", () => {
    for (const raw of [undefined, null, 1, "small", [], {}, { profile: "toString" }, { profile: 3 }]) {
      assert.equal(withProfile(raw), raw);
    }
  });
});

describe("readSettings() with a profile", () => {
  it("names the one that was meant", () =>
    assert.deepEqual(complaints({ ...minimal, profile: "hi-scale" }), [
      'profile: "hi-scale" is not a choice: did you mean high-scale?',
    ]));

  it("has none by default", () => assert.equal(settingsOf({}).profile, "baseline"));

  for (const name of profileNames) {
    describe(name, () => {
      const profile: Profile = profiles[name];
      const settings = settingsOf({ profile: name });

      it("is valid, and each of its choices is a setting that takes effect", () => {
        for (const { path, value } of profile.choices) assert.equal(atPath(settings, path), value, path);
      });

      it("gives way to the stack, and to nothing else", () => {
        const stack = { [settings.datapath]: { timeoutSeconds: 99 } };
        assert.equal(settingsOf({ profile: name, ...stack })[settings.datapath].timeoutSeconds, 99);
        assert.equal(settingsOf({ profile: name, datapath: "cilium" }).datapath, "cilium");
        assert.equal(settings.cluster.podCidr, settingsOf({}).cluster.podCidr);
      });

      it("says why of every choice, and makes each once", () => {
        for (const { path, because } of profile.choices) assert.match(because, /^(?!because)\S.*[^.]$/, path);
        const paths = profile.choices.map(({ path }) => path);
        assert.equal(new Set(paths).size, paths.length);
      });
    });
  }
});

describe("profileOf()", () => {
  it("knows the five, and no other", () => {
    assert.deepEqual(profileNames, ["small", "high-scale", "multi-cloud", "compliance", "legacy-static-ip"]);
    assert.equal(profileOf("baseline"), undefined);
    assert.equal(profileOf("constructor"), undefined);
  });
});
