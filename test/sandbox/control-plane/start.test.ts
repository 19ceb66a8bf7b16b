import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ControlPlaneError, startControlPlane } from "../../../sandbox/control-plane/index.ts";
import type { ControlPlaneOptions } from "../../../sandbox/control-plane/index.ts";
import { neededStages } from "../../../sandbox/control-plane/stages.ts";
import { removeScratch, scratch, shellScript } from "../../support/processes.ts";

/** A control plane whose program is a script: it shows what happens when the parts fail. */
describe("startControlPlane()", () => {
  let options: ControlPlaneOptions & { folder: string };
  let bin: string;
  beforeEach(() => {
    bin = scratch();
    const stages = join(bin, "stages");
    mkdirSync(stages);
    for (const stage of neededStages) writeFileSync(join(stages, basename(stage)), "");
    const kwok = { path: shellScript(join(bin, "kwok"), "exit 1"), stages };
    const controlPlane = join(bin, "control-plane");
    options = {
      programs: { controlPlane, kwok },
      folder: join(bin, "cluster"),
      timeoutSeconds: 5,
    };
  });
  after(removeScratch);

  /** Is run as `control-plane supervise SPEC`; $port is the API server's. */
  const supervisor = (body: string): void => {
    shellScript(
      join(bin, "control-plane"),
      `logs=$(dirname "$2")/logs; port=$(sed -n 's/.*--secure-port=\\([1-9][0-9]*\\).*/\\1/p' "$2"); ${body}`,
    );
  };
  const apiServerSays = (line: string): string =>
    `echo "$port" >> ${bin}/ports; echo "${line}" >> "$logs/kube-apiserver.log"; ` +
    'echo "supervise: kube-apiserver ended (exit status 1): see $logs/kube-apiserver.log" >&2; exit 1';
  const failure = async (over: Partial<ControlPlaneOptions> = {}): Promise<string> => {
    const error = await startControlPlane({ ...options, ...over }).then(
      () => assert.fail("It started"),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof ControlPlaneError, String(error));
    return error.message;
  };

  it("says which program is missing, and leaves no folder", async () => {
    assert.equal(
      await failure(),
      `There is no program at ${join(bin, "control-plane")}: build it, or give its path`,
    );
    assert.ok(!existsSync(options.folder));
  });

  it("says that a program is none", async () => {
    writeFileSync(join(bin, "control-plane"), "text", { mode: 0o644 });
    assert.match(await failure(), /There is no program at .*control-plane/);
  });

  it("says why a program does not start", async () => {
    writeFileSync(join(bin, "control-plane"), "#!/no/such/interpreter\n", { mode: 0o755 });
    assert.match(await failure(), /control-plane does not start: .*ENOENT/);
  });

  it("quotes the log of the part that ended, and leaves the logs alone", async () => {
    supervisor(apiServerSays("E0101 no space left on device"));
    const log = join(options.folder, "logs", "kube-apiserver.log");
    assert.equal(
      await failure(),
      `The control plane ended because kube-apiserver did\n  ${log} ends with:\n  | E0101 no space left on device`,
    );
    assert.deepEqual(readdirSync(options.folder), ["logs"]);
  });

  it("quotes the supervisor's log when that is all there is", async () => {
    supervisor("echo 'supervise: no such file' >&2; exit 2");
    assert.match(
      await failure(),
      /The control plane's supervisor ended\n.*supervisor.log ends with:\n.*no such file/,
    );
  });

  it("says what it waited for when nothing answers", async () => {
    supervisor("echo still thinking >> $logs/kube-apiserver.log; cat");
    const message = await failure({ timeoutSeconds: 0.5 });
    assert.match(
      message,
      /^Gave up after 0.5 s waiting for the API server at https:\/\/127\.0\.0\.1:\d+, seen last: /,
    );
    assert.match(message, /kube-apiserver.log ends with:\n {2}\| still thinking$/);
  });

  it("tries three ports when others take them", async () => {
    supervisor(apiServerSays("listen tcp 127.0.0.1:$port: bind: address already in use"));
    assert.match(await failure(), /ended because kube-apiserver did/);
    const ports = readFileSync(join(bin, "ports"), "utf8").trim().split("\n");
    assert.equal(new Set(ports).size, 3);
  });

  it("tries a wanted port once, and says that it is taken", async () => {
    supervisor(apiServerSays("listen tcp 127.0.0.1:$port: bind: address already in use"));
    assert.equal(
      await failure({ port: 4711 }),
      "Port 4711 of 127.0.0.1 is taken: choose another one, or none",
    );
    assert.equal(readFileSync(join(bin, "ports"), "utf8"), "4711\n");
  });

  it("gives the parts nothing of the user's configuration", async () => {
    supervisor(`env > ${bin}/env; exit 1`);
    process.env.KUBECONFIG = "/home/somebody/.kube/config";
    try {
      await failure();
    } finally {
      delete process.env.KUBECONFIG;
    }
    const env = readFileSync(join(bin, "env"), "utf8");
    assert.doesNotMatch(env, /KUBECONFIG/);
    assert.match(env, new RegExp(`^HOME=${options.folder}$`, "m"));
  });

  it("starts again where a start failed", async () => {
    supervisor(apiServerSays("first"));
    await failure();
    supervisor(apiServerSays("second"));
    assert.doesNotMatch(await failure(), /first/);
  });
});
