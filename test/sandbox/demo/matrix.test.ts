import assert from "node:assert/strict";
import { measuredReport } from "../../../sandbox/demo/matrix.ts";
import { styleFor } from "../../../sandbox/demo/terminal.ts";
import { after, afterBut, before, connections } from "./attempts.ts";

const denies = (namespace: string): string[] => [`${namespace}/default-deny-all`];
const shown = (coloured: boolean, measured = after): string =>
  measuredReport({ connections, before, after: measured, denies }, styleFor(coloured));
const withoutColours = (text: string): string => text.replace(/\u001b\[\d+m/g, "");

describe("measuredReport()", () => {
  it("shows both matrices with the same columns, and who decided", () => {
    assert.equal(
      shown(false),
      `Before: who reaches whom, measured (rows talk to columns)
  from \\ to     web        db         stranger  internet  DNS
                TCP 8080   TCP 5432   TCP 8080  TCP 80    UDP+TCP 53
  shop/web      ·          ● open     ○ open    ○ open    –
  shop/db       ○ open     ·          ○ open    ○ open    –
  lab/stranger  ○ open     ○ open     ·         ○ open    –

After \`pulumi up\`, measured again
  from \\ to     web        db         stranger  internet  DNS
                TCP 8080   TCP 5432   TCP 8080  TCP 80    UDP+TCP 53
  shop/web      ·          ● open     ✗ egress  ✗ egress  ● open
  shop/db       ✗ egress   ·          ✗ egress  ✗ egress  ● open
  lab/stranger  ✗ ingress  ✗ ingress  ·         ○ open    ○ open

  ● open, declared   ○ open, not declared   ✗ denied, leaving (egress) or arriving (ingress)   · itself
  – not tried: nothing here serves the Service of DNS before Cilium does

Who decided, told by Hubble
  shop/web      ● db                       egress by shop/allow-web; ingress by shop/allow-db
                ● DNS                      egress by shop/allow-dns
                ✗ stranger, internet       POLICY_DENIED on egress, isolated by shop/default-deny-all
  shop/db       ● DNS                      egress by shop/allow-dns
                ✗ web, stranger, internet  POLICY_DENIED on egress, isolated by shop/default-deny-all
  lab/stranger  ○ internet, DNS            no policy selects either end
                ✗ web, db                  POLICY_DENIED on ingress, isolated by shop/default-deny-all`,
    );
  });

  it("loses nothing without colours", () => {
    assert.notEqual(shown(true), shown(false));
    assert.equal(withoutColours(shown(true)), shown(false));
  });

  it("colours what is open, open without need, and denied", () => {
    for (const sign of [
      "\u001b[32m● open\u001b[39m",
      "\u001b[33m○ open\u001b[39m",
      "\u001b[31m✗ egress\u001b[39m",
    ])
      assert.ok(shown(true).includes(sign), sign);
  });

  it("says how it ended where no policy denied it", () => {
    const decision = { egress: [], ingress: [] };
    const text = shown(false, afterBut({ "shop/db → web": { outcome: "refused", decision } }));
    assert.match(text, /shop\/db +! refused/);
    assert.match(text, /! web +Hubble saw no policy deny it/);
  });

  it("does not guess who let something pass", () => {
    const decision = { egress: [], ingress: [] };
    const text = shown(false, afterBut({ "shop/db → internet": { isOpen: true, decision } }));
    assert.match(text, /○ internet +Hubble names no policy/);
  });
});
