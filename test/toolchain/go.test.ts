import assert from "node:assert/strict";
import { join } from "node:path";
import { findGo, requiredGo } from "../../toolchain/go.ts";
import { removeScratch, scratch, shellScript } from "../support/processes.ts";

after(removeScratch);

describe("findGo()", () => {
  const path = process.env.PATH;
  afterEach(() => {
    process.env.PATH = path;
  });

  /** Leaves nothing on PATH but a Go that answers this. */
  const pretend = (answer?: Record<string, string>) => {
    const bin = scratch();
    if (answer) shellScript(join(bin, "go"), `echo '${JSON.stringify(answer)}'`);
    process.env.PATH = bin;
  };

  it("says what to install when there is no Go", async () => {
    pretend();
    await assert.rejects(findGo("1.26.0", "building pulumi, kwok"), (error: Error) => {
      assert.equal(error.name, "ToolError");
      assert.match(
        error.message,
        /^Go is not on PATH, and building pulumi, kwok needs Go 1\.26\.0 or newer$/m,
      );
      assert.match(error.message, /your package manager \(apt install golang, .*\) and put it on PATH/);
      return true;
    });
  });

  it("says that GOTOOLCHAIN keeps a Go that is too old from fetching a newer one", async () => {
    pretend({ GOVERSION: "go1.22.5", GOTOOLCHAIN: "local", GOFLAGS: "" });
    await assert.rejects(
      findGo("1.26.0", "building kwok"),
      /^ToolError: Go 1\.22\.5 is too old for building kwok, which needs Go 1\.26\.0 or newer \(GOTOOLCHAIN is local, .*\n.*set GOTOOLCHAIN=auto, or install/,
    );
  });

  it("knows that Go before 1.21 cannot fetch a newer one", async () => {
    pretend({ GOVERSION: "go1.19.8" });
    await assert.rejects(findGo("1.25.0", "building kwok"), (error: Error) => {
      assert.match(error.message, /^Go 1\.19\.8 is too old/);
      assert.doesNotMatch(error.message, /GOTOOLCHAIN/);
      return true;
    });
  });

  for (const toolchain of ["auto", "go1.22.0+auto"]) {
    it(`leaves it to an old Go with GOTOOLCHAIN=${toolchain} to fetch a newer one`, async () => {
      pretend({ GOVERSION: "go1.22.5", GOTOOLCHAIN: toolchain, GOFLAGS: "" });
      assert.equal((await findGo("1.26.0", "building kwok")).version, "1.22.5");
    });
  }

  it("takes a version without a patch number", async () => {
    pretend({ GOVERSION: "go1.26", GOTOOLCHAIN: "local", GOFLAGS: "" });
    assert.equal((await findGo("1.26.0", "building kwok")).version, "1.26.0");
  });

  it("keeps the user's flags, but not those that would change what is built", async () => {
    pretend({
      GOVERSION: "go1.26.1",
      GOTOOLCHAIN: "local",
      GOFLAGS: "-p=1 -mod=mod -buildvcs=auto -modcacherw",
    });
    const { env } = await findGo("1.26.0", "building kwok");
    assert.equal(env.GOFLAGS, "-p=1 -modcacherw -mod=readonly -buildvcs=false");
    assert.equal(env.CGO_ENABLED, "0");
    assert.equal(env.GOWORK, "off");
  });
});

describe("requiredGo()", () => {
  it("reads the go line of go.mod", () => {
    assert.equal(requiredGo(join(__dirname, "..", "fixtures", "hello-go")), "1.21");
  });
});
