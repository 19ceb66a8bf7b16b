import assert from "node:assert/strict";
import { issue } from "../../../components/hubble-certificates/authority.ts";
import {
  type Issued,
  lifetimes,
  parseIssued,
  trustBundle,
} from "../../../model/hubble-certificates/issued.ts";
import type { Leaf } from "../../../model/hubble-certificates/leaves.ts";
import { day } from "../../../model/hubble-certificates/lifetime.ts";

const start = Date.UTC(2026, 10, 26);
const leaf = (name: string): Leaf => ({
  name,
  usage: "server",
  commonName: name,
  dnsNames: [name],
  ipAddresses: [],
  takers: [],
});

describe("what was issued", () => {
  let issued: Issued;
  before(async () => {
    issued = await issue([leaf("a")], undefined, start);
  });

  it("is read as it was printed, and anything else as nothing", () => {
    assert.deepEqual(parseIssued(JSON.stringify(issued)), issued);
    for (const text of [undefined, "", "null", "[]", "Error: no", '{"authority":{}}'])
      assert.equal(parseIssued(text), undefined, text);
  });

  it("is trusted by all authorities, those to come and those before included", () => {
    const successor = { cert: "next\n\n", key: "secret" };
    const bundle = trustBundle({ ...issued, successor, former: ["former"] });
    assert.equal(bundle, `${issued.authority.cert.trim()}\nnext\nformer\n`);
  });

  it("has the days of what ends first, and no key", async () => {
    const later = await issue([leaf("a"), leaf("b")], issued, start + 100 * day);
    assert.deepEqual(lifetimes(later), {
      expires: "2027-11-26",
      renewedFrom: "2027-08-28",
      authorityExpires: "2036-11-23",
    });
  });
});
