import assert from "node:assert/strict";
import { Layout, parts } from "../../../sandbox/control-plane/layout.ts";
import { plan } from "../../../sandbox/control-plane/options.ts";
import { supervisorSpec } from "../../../sandbox/control-plane/processes.ts";

describe("supervisorSpec()", () => {
  const options = plan({
    programs: { controlPlane: "/bin/control-plane", kwok: { path: "/bin/kwok", stages: "/s" } },
    folder: "/state",
    clusterDomain: "prod.example",
    podCidr: "10.0.0.0/10",
    serviceCidr: "10.200.0.0/16",
  });
  const spec = supervisorSpec(options, new Layout("/state"), 7000, ["/s/a.yaml", "/s/b.yaml"]);
  const argv = (name: string): readonly string[] =>
    spec.processes.find((process) => process.name === name)?.argv ?? [];

  it("starts the parts in their order, each with a log of its own", () => {
    assert.deepEqual(
      spec.processes.map(({ name }) => name),
      parts,
    );
    assert.equal(new Set(spec.processes.map(({ log }) => log)).size, parts.length);
  });

  it("lets those wait for the API server that give up on a missing one", () => {
    assert.deepEqual(
      spec.processes.filter(({ after }) => after !== undefined).map(({ name }) => name),
      ["kube-controller-manager", "kube-scheduler", "kwok"],
    );
  });

  it("listens on one port, on loopback, and nowhere else", () => {
    const all = spec.processes.flatMap((process) => process.argv);
    const listening = all.filter((flag) =>
      /(bind-address|secure-port|listen-\w+-urls|server-address)=/.test(flag),
    );
    assert.deepEqual(listening, [
      "--listen-client-urls=unix://etcd:0",
      "--listen-peer-urls=unix://etcd-peer:0",
      "--bind-address=127.0.0.1",
      "--secure-port=7000",
      "--secure-port=0",
      "--secure-port=0",
    ]);
  });

  it("gives an address behind a relay to the certificate and to the Service kubernetes", () => {
    const [alone, relayed] = [undefined, "172.18.0.1"].map((address) => {
      const given = plan({ programs: { controlPlane: "/bin/control-plane" }, folder: "/state", address });
      const { processes } = supervisorSpec(given, new Layout("/state"), 7000, undefined);
      return processes.flatMap(({ argv: flags }) => flags);
    });
    assert.ok(alone?.includes("--endpoint-reconciler-type=none"));
    assert.ok(relayed?.includes("--advertise-address=172.18.0.1"));
    assert.ok(relayed?.includes("--bind-address=127.0.0.1"));
    assert.ok(!relayed?.includes("--endpoint-reconciler-type=none"));
  });

  it("starts no kwok that it was not given", () => {
    const given = plan({ programs: { controlPlane: "/bin/control-plane" }, folder: "/state" });
    const names = supervisorSpec(given, new Layout("/state"), 7000, undefined).processes.map(
      ({ name }) => name,
    );
    assert.deepEqual(names, parts.slice(0, -1));
  });

  it("checks what is asked of the API server", () => {
    assert.ok(argv("kube-apiserver").includes("--authorization-mode=Node,RBAC"));
  });

  it("gives no secret on a command line, which everybody on the machine can read", () => {
    const flags = spec.processes.flatMap((process) => process.argv).filter((flag) => /token|key/.test(flag));
    assert.ok(flags.length > 0);
    for (const flag of flags) assert.match(flag, /-file=\/state\//);
  });

  it("hands the ranges and the domain on", () => {
    assert.ok(argv("kube-controller-manager").includes("--cluster-cidr=10.0.0.0/10"));
    assert.ok(argv("kube-controller-manager").includes("--service-cluster-ip-range=10.200.0.0/16"));
    assert.ok(argv("kube-apiserver").includes("--service-cluster-ip-range=10.200.0.0/16"));
    assert.ok(
      argv("kube-apiserver").includes("--service-account-issuer=https://kubernetes.default.svc.prod.example"),
    );
  });

  it("reads kwok's configuration from the stages alone", () => {
    const configs = argv("kwok").filter((flag) => flag.startsWith("--config="));
    assert.deepEqual(configs, ["--config=/s/a.yaml", "--config=/s/b.yaml"]);
  });
});
