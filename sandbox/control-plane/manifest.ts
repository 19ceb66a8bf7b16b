/** A Kubernetes object as it is written down: what the API server defaults is not there. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

export interface ConfigMapManifest extends Manifest {
  data: Record<string, string>;
}

export interface ServiceManifest extends Manifest {
  spec: Record<string, unknown>;
}

export interface NodeManifest extends Manifest {
  readonly status: {
    readonly addresses: readonly { readonly type: string; readonly address: string }[];
    readonly capacity: Readonly<Record<string, string>>;
    readonly allocatable: Readonly<Record<string, string>>;
    readonly nodeInfo: Readonly<Record<string, string>>;
  };
}
