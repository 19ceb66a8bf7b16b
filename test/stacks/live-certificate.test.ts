import assert from "node:assert/strict";
import { issue } from "../../components/hubble-certificates/authority.ts";
import { day } from "../../model/hubble-certificates/lifetime.ts";
import { generationAnnotation } from "../../model/live.ts";
import { liveCertificate } from "../../stacks/live-certificate.ts";

const now = Date.UTC(2026, 10, 26);

describe("liveCertificate()", () => {
  it("tells when the certificate ends, and of which issue it is", async () => {
    const leaf = {
      name: "server",
      usage: "server",
      commonName: "x",
      dnsNames: ["x"],
      ipAddresses: [],
      takers: [],
    } as const;
    const { leaves } = await issue([leaf], undefined, now);
    const metadata = { namespace: "kube-system", name: "s", annotations: { [generationAnnotation]: "7" } };
    const data = { "tls.crt": Buffer.from(leaves.server?.cert ?? "").toString("base64") };
    assert.deepEqual(liveCertificate({ metadata, data }), {
      namespace: "kube-system",
      name: "s",
      labels: {},
      notAfter: now + 365 * day,
      generation: 7,
    });
  });

  for (const [what, data] of [
    ["without one", undefined],
    ["that somebody wrote over", { "tls.crt": Buffer.from("x").toString("base64") }],
  ] as const) {
    it(`takes a Secret ${what} for what it is`, () => {
      const annotations = { [generationAnnotation]: "many" };
      const { notAfter, generation } = liveCertificate({ metadata: { annotations }, ...(data && { data }) });
      assert.deepEqual([notAfter, generation], [undefined, undefined]);
    });
  }
});
