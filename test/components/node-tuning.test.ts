import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const script = join(process.cwd(), "components/node-tuning/node-tuning.sh");
const persisted = "sysctl.d/99-zz-cluster-network.conf";

describe("node-tuning.sh", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "node-tuning-"));
    writeKey("net.netfilter.nf_conntrack_max", "65536");
    writeKey("net.ipv4.tcp_tw_reuse", "2");
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const pathOf = (key: string): string => join(root, "proc", key.replaceAll(".", "/"));
  const readKey = (key: string): string => readFileSync(pathOf(key), "utf8").trim();
  const recorded = (): string[] =>
    existsSync(join(root, "records")) ? readdirSync(join(root, "records")).sort() : [];
  function writeKey(key: string, value: string): void {
    mkdirSync(dirname(pathOf(key)), { recursive: true });
    writeFileSync(pathOf(key), `${value}\n`);
  }
  function tune(...args: string[]) {
    const env = {
      PATH: process.env.PATH,
      PROC_SYS: join(root, "proc"),
      RECORDS: join(root, "records"),
      SYSCTL_D: join(root, "sysctl.d"),
    };
    const { status, stdout, stderr } = spawnSync("sh", [script, ...args], {
      env,
      encoding: "utf8",
      timeout: 5_000,
    });
    return { status, said: stdout + stderr };
  }
  const both = ["net.netfilter.nf_conntrack_max=1048576", "net.ipv4.tcp_tw_reuse=1"];

  it("writes the values, records what it found, and persists for the next boot", () => {
    assert.equal(tune("apply", ...both).status, 0);
    assert.equal(readKey("net.netfilter.nf_conntrack_max"), "1048576");
    assert.equal(readKey("net.ipv4.tcp_tw_reuse"), "1");
    assert.deepEqual(recorded(), ["net.ipv4.tcp_tw_reuse", "net.netfilter.nf_conntrack_max"]);
    assert.equal(
      readFileSync(join(root, persisted), "utf8"),
      "net.netfilter.nf_conntrack_max = 1048576\nnet.ipv4.tcp_tw_reuse = 1\n",
    );
  });

  it("gives everything back and leaves nothing behind", () => {
    tune("apply", ...both);
    assert.equal(tune("restore").status, 0);
    assert.equal(readKey("net.netfilter.nf_conntrack_max"), "65536");
    assert.equal(readKey("net.ipv4.tcp_tw_reuse"), "2");
    assert.deepEqual(recorded(), []);
    assert.equal(existsSync(join(root, persisted)), false);
  });

  it("gives back the value from before the first run, not from between two", () => {
    tune("apply", "net.netfilter.nf_conntrack_max=262144");
    tune("apply", "net.netfilter.nf_conntrack_max=1048576");
    tune("restore");
    assert.equal(readKey("net.netfilter.nf_conntrack_max"), "65536");
  });

  it("gives back a key that is no longer wanted", () => {
    tune("apply", ...both);
    tune("apply", "net.netfilter.nf_conntrack_max=1048576");
    assert.equal(readKey("net.ipv4.tcp_tw_reuse"), "2");
    assert.deepEqual(recorded(), ["net.netfilter.nf_conntrack_max"]);
    assert.doesNotMatch(readFileSync(join(root, persisted), "utf8"), /tcp_tw_reuse/);
  });

  it("leaves out a key that the kernel does not have, and says so", () => {
    const { status, said } = tune("apply", "net.netfilter.nf_conntrack_nothing=1", "net.ipv4.tcp_tw_reuse=1");
    assert.equal(status, 0);
    assert.match(said, /nf_conntrack_nothing does not exist on this kernel/);
    assert.equal(readKey("net.ipv4.tcp_tw_reuse"), "1");
  });

  it("fails when a value does not hold", () => {
    rmSync(pathOf("net.ipv4.tcp_tw_reuse"));
    // Reads as empty whatever is written.
    const made = spawnSync("ln", ["-s", "/dev/null", pathOf("net.ipv4.tcp_tw_reuse")]);
    assert.equal(made.status, 0);
    const { status, said } = tune("apply", "net.ipv4.tcp_tw_reuse=1");
    assert.equal(status, 1);
    assert.match(said, /tcp_tw_reuse is  after writing 1/);
  });

  it("ignores a record that a killed run left half written", () => {
    tune("apply", ...both);
    writeFileSync(join(root, "records", "net.ipv4.tcp_tw_reuse.new"), "");
    assert.equal(tune("restore").status, 0);
    assert.equal(readKey("net.ipv4.tcp_tw_reuse"), "2");
    assert.deepEqual(recorded(), []);
  });

  it("may be run twice in each mode", () => {
    for (const args of [["apply", ...both], ["apply", ...both], ["restore"], ["restore"]]) {
      assert.equal(tune(...args).status, 0, args.join(" "));
    }
    assert.equal(readKey("net.ipv4.tcp_tw_reuse"), "2");
  });

  it("says how it is called when it is called wrongly", () => {
    const { status, said } = tune("aply");
    assert.equal(status, 2);
    assert.match(said, /usage: node-tuning\.sh apply\|restore/);
  });

  it("writes a real kernel's tcp_tw_reuse and gives it back, in a network namespace of its own", function () {
    const inNamespace = (command: string) =>
      spawnSync("unshare", ["--net", "sh", "-c", command], { encoding: "utf8" });
    if (inNamespace("true").status !== 0) this.skip();
    chmodSync(root, 0o755);
    const value = "cat /proc/sys/net/ipv4/tcp_tw_reuse";
    const env = `RECORDS=${root}/records SYSCTL_D=${root}/sysctl.d`;
    const { stdout, stderr, status } = inNamespace(
      `${value}; ${env} sh ${script} apply net.ipv4.tcp_tw_reuse=1 >&2; ${value}; ${env} sh ${script} restore >&2; ${value}`,
    );
    assert.equal(status, 0, stderr);
    const [before, during, after] = stdout.trim().split("\n");
    assert.equal(during, "1");
    assert.equal(after, before);
  });
});
