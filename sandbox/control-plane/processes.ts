import type { Layout, Part } from "./layout.ts";
import type { Plan } from "./options.ts";

/** What the supervisor runs: `spec` in toolchain/programs/control-plane/supervise.go. */
export interface SupervisorSpec {
  readonly processes: readonly SupervisedProcess[];
  readonly children: string;
  /** What each process has to stop in order before it is killed. */
  readonly graceSeconds: number;
}

interface SupervisedProcess {
  readonly name: Part;
  readonly argv: readonly string[];
  readonly log: string;
  /** Started only when the URL answers 200 under these certificates. */
  readonly after?: { readonly url: string; readonly ca: string };
}

/**
 * The processes of a control plane, in the order of their start.
 * @param port   where the API server listens on 127.0.0.1; nothing else listens on a port at all
 * @param stages kwok's stage files; undefined when nobody simulates nodes
 */
export function supervisorSpec(
  plan: Plan,
  layout: Layout,
  port: number,
  stages: readonly string[] | undefined,
): SupervisorSpec {
  const { programs } = plan;
  const after = { url: `https://127.0.0.1:${port}/readyz`, ca: layout.authority };
  const run = (name: Part, argv: readonly string[]): SupervisedProcess => ({
    name,
    argv,
    log: layout.log(name),
  });
  const part = (name: Part, flags: readonly string[]): SupervisedProcess =>
    run(name, [programs.controlPlane, name, ...flags]);
  return {
    children: layout.children,
    // An API server takes a second to let go of its clients, of which none is left.
    graceSeconds: 0.3,
    processes: [
      part("etcd", etcdFlags(layout)),
      part("kube-apiserver", apiServerFlags(plan, layout, port)),
      { ...part("kube-controller-manager", controllerManagerFlags(plan, layout)), after },
      { ...part("kube-scheduler", schedulerFlags(layout)), after },
      ...(programs.kwok && stages
        ? [{ ...run("kwok", [programs.kwok.path, ...kwokFlags(plan, layout, stages)]), after }]
        : []),
    ],
  };
}

/**
 * etcd knows no access control here, so it listens on sockets inside the folder,
 * which nobody else may enter. They are relative to the folder (a socket's path has
 * 108 bytes at most); etcd wants a port in a URL and makes it part of the name.
 */
const etcdClients = "unix://etcd:0";
const etcdPeers = "unix://etcd-peer:0";

function etcdFlags(layout: Layout): string[] {
  return [
    "--name=default",
    `--data-dir=${layout.etcd}`,
    // The state dies with the cluster, so waiting for a disk gains nothing.
    "--unsafe-no-fsync",
    // A member alone elects itself when the election times out: 0.4 s earlier than by default.
    "--heartbeat-interval=20",
    "--election-timeout=100",
    `--listen-client-urls=${etcdClients}`,
    `--advertise-client-urls=${etcdClients}`,
    `--listen-peer-urls=${etcdPeers}`,
    `--initial-advertise-peer-urls=${etcdPeers}`,
    `--initial-cluster=default=${etcdPeers}`,
  ];
}

function apiServerFlags(plan: Plan, layout: Layout, port: number): string[] {
  return [
    `--etcd-servers=${etcdClients}`,
    "--bind-address=127.0.0.1",
    `--advertise-address=${plan.address ?? "127.0.0.1"}`,
    // A loopback address is no valid endpoint of the Service "kubernetes".
    ...(plan.address === undefined ? ["--endpoint-reconciler-type=none"] : []),
    `--secure-port=${port}`,
    `--cert-dir=${layout.certificates}`,
    `--token-auth-file=${layout.tokens}`,
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    "--allow-privileged=true",
    `--service-cluster-ip-range=${plan.serviceCidr}`,
    `--service-account-issuer=https://kubernetes.default.svc.${plan.clusterDomain}`,
    `--service-account-key-file=${layout.serviceAccountPublicKey}`,
    `--service-account-signing-key-file=${layout.serviceAccountKey}`,
    "--profiling=false",
  ];
}

/** There is one of each, so electing a leader is a wait for nobody; nor do they need to be scraped. */
const alone = ["--leader-elect=false", "--secure-port=0", "--profiling=false"];

function controllerManagerFlags(plan: Plan, layout: Layout): string[] {
  return [
    ...alone,
    `--kubeconfig=${layout.partsKubeconfig}`,
    "--allocate-node-cidrs=true",
    `--cluster-cidr=${plan.podCidr}`,
    `--service-cluster-ip-range=${plan.serviceCidr}`,
    `--root-ca-file=${layout.authority}`,
    `--service-account-private-key-file=${layout.serviceAccountKey}`,
    // The defaults, 20 and 30, spare an API server that others need.
    "--kube-api-qps=500",
    "--kube-api-burst=1000",
  ];
}

function schedulerFlags(layout: Layout): string[] {
  return [...alone, `--kubeconfig=${layout.partsKubeconfig}`, "--kube-api-qps=500", "--kube-api-burst=1000"];
}

function kwokFlags(plan: Plan, layout: Layout, stages: readonly string[]): string[] {
  return [
    `--kubeconfig=${layout.partsKubeconfig}`,
    // Without this kwok would read its configuration in the user's home.
    ...stages.map((stage) => `--config=${stage}`),
    "--manage-all-nodes=true",
    "--node-lease-duration-seconds=40",
    // Only for a pod on a node that has no range of its own yet.
    `--cidr=${plan.podCidr}`,
  ];
}
