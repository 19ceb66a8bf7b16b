import { join } from "node:path";

/** The parts of a control plane, in the order of their start. */
export const parts = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"] as const;
export type Part = (typeof parts)[number];

/** Where things are in a control plane's folder. */
export class Layout {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** For people and for Pulumi: complete in itself. */
  get kubeconfig(): string {
    return join(this.folder, "kubeconfig");
  }
  get logs(): string {
    return join(this.folder, "logs");
  }
  log(of: Part | "supervisor"): string {
    return join(this.logs, `${of}.log`);
  }
  /** The API server makes its own serving certificate here; whoever trusts it trusts this file. */
  get certificates(): string {
    return join(this.folder, "certificates");
  }
  get authority(): string {
    return join(this.certificates, "apiserver.crt");
  }
  get tokens(): string {
    return join(this.folder, "tokens.csv");
  }
  get serviceAccountKey(): string {
    return join(this.folder, "service-account.key");
  }
  get serviceAccountPublicKey(): string {
    return join(this.folder, "service-account.pub");
  }
  /** For the other parts, which start before there is a certificate to embed. */
  get partsKubeconfig(): string {
    return join(this.folder, "parts.kubeconfig");
  }
  get etcd(): string {
    return join(this.folder, "etcd");
  }
  /** What the supervisor is to run. */
  get spec(): string {
    return join(this.folder, "supervise.json");
  }
  /** Written by the supervisor: names and pids of what runs. */
  get children(): string {
    return join(this.folder, "children.json");
  }
  /** Whose folder this is. */
  get owner(): string {
    return join(this.folder, "owner.json");
  }
}
