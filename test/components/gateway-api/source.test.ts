import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClusterError } from "../../../components/cluster-error.ts";
import { contentHash, documentsAt, documentsFrom } from "../../../components/gateway-api/source.ts";
import { useWebServer } from "../../support/web-server.ts";

const isSaid = (message: RegExp) => (error: unknown) =>
  error instanceof ClusterError && message.test(`${error.problem.path}: ${error.problem.message}`);

describe("documentsAt()", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "crds-"));
    mkdirSync(join(folder, "standard"));
    writeFileSync(join(folder, "standard", "a.yaml"), "a: 1\n---\nb: 2\n");
    writeFileSync(join(folder, "c.yml"), "c: 3\n");
    writeFileSync(join(folder, "README.md"), "no: document\n");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("reads all YAML below a folder", () => {
    assert.deepEqual(documentsAt(folder), [{ c: 3 }, { a: 1 }, { b: 2 }]);
  });

  it("reads a single file, whatever it is called", () => {
    assert.deepEqual(documentsAt(join(folder, "README.md")), [{ no: "document" }]);
  });

  it("says where there is nothing", () => {
    assert.throws(() => documentsAt(join(folder, "no")), isSaid(/crds\.path: No CRDs at .*no /));
  });

  it("says which file is not YAML", () => {
    writeFileSync(join(folder, "bad.yaml"), "a: [\n");
    assert.throws(() => documentsAt(folder), isSaid(/bad\.yaml: Is not YAML/));
  });

  it("has another hash for another content", () => {
    const before = contentHash(folder);
    assert.equal(contentHash(folder), before);
    writeFileSync(join(folder, "c.yml"), "c: 4\n");
    assert.notEqual(contentHash(folder), before);
  });
});

describe("documentsFrom()", () => {
  const text = "a: 1\n---\nb: 2\n";
  const server = useWebServer(
    new Map([
      ["/crds.yaml", text],
      ["/login", "<p>a: b: c</p>\n: x: y"],
    ]),
  );
  const sha256 = createHash("sha256").update(text).digest("hex");

  it("reads what is there, and checks its digest", async () => {
    for (const digest of [undefined, sha256]) {
      assert.deepEqual(await documentsFrom(`${server()}/crds.yaml`, digest), [{ a: 1 }, { b: 2 }]);
    }
  });

  it("refuses another digest", async () => {
    const wanted = "0".repeat(64);
    await assert.rejects(
      documentsFrom(`${server()}/crds.yaml`, wanted),
      isSaid(new RegExp(`Has SHA-256 ${sha256}, not ${wanted}`)),
    );
  });

  it("says why a download failed, with the address", async () => {
    await assert.rejects(documentsFrom(`${server()}/no`, undefined), isSaid(/\/no: Cannot .*404 Not Found/));
    await assert.rejects(
      documentsFrom("http://127.0.0.1:1/crds.yaml", undefined),
      isSaid(/^http:\/\/127\.0\.0\.1:1\/crds\.yaml: Cannot be downloaded \(.+\)$/),
    );
  });

  it("says what is no YAML", async () => {
    await assert.rejects(documentsFrom(`${server()}/login`, undefined), isSaid(/\/login: Is not YAML/));
  });
});
