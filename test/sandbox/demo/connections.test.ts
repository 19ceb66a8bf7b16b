import assert from "node:assert/strict";
import { portOf, shouldPass } from "../../../sandbox/demo/connections.ts";
import { connections, titleOf } from "./attempts.ts";

describe("connectionsOf()", () => {
  it("pairs every workload with every other one and with what is elsewhere, never with itself", () => {
    assert.deepEqual(connections.map(titleOf), [
      ...["shop/web → db", "shop/web → stranger", "shop/web → internet", "shop/web → DNS"],
      ...["shop/db → web", "shop/db → stranger", "shop/db → internet", "shop/db → DNS"],
      ...["lab/stranger → web", "lab/stranger → db", "lab/stranger → internet", "lab/stranger → DNS"],
    ]);
  });

  it("declares the flows, and DNS for the namespaces of the stack", () => {
    const declared = connections.filter(({ isDeclared }) => isDeclared);
    assert.deepEqual(declared.map(titleOf), ["shop/web → db", "shop/web → DNS", "shop/db → DNS"]);
  });

  it("lets pass what is declared, and what the stack does not isolate", () => {
    assert.deepEqual(connections.filter(shouldPass).map(titleOf), [
      ...["shop/web → db", "shop/web → DNS", "shop/db → DNS"],
      ...["lab/stranger → internet", "lab/stranger → DNS"],
    ]);
  });
});

describe("portOf()", () => {
  it("names the protocols of a target", () => {
    const ports = new Map(connections.map(({ to }) => [to.name, portOf(to)]));
    assert.equal(ports.get("db"), "TCP 5432");
    assert.equal(ports.get("DNS"), "UDP+TCP 53");
  });
});
