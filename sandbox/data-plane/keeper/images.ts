import type { DataPlanePrograms, KeeperSpec } from "./spec.ts";

/** What stands in for a container image: real programs, in the places where the image has them. */
export interface Image {
  /** Files and folders by their path in the container. */
  readonly files: Readonly<Record<string, string>>;
  /** Folders that the container writes to: each gets a copy. */
  readonly copies?: Readonly<Record<string, string>>;
  /** What the image runs unless the container says otherwise. */
  readonly entrypoint: readonly string[];
  /** Needs no file system of its own: the program is static and reads nothing. */
  readonly bare?: boolean;
  readonly path?: string;
}

/** Where a container of Cilium finds clang and modprobe. */
const compilers = "/opt/compilers";

/**
 * The image that has a program here, by the last part of its name; undefined for all
 * others, whose containers are then simulated: nothing runs, and they count as ready.
 */
export function imageOf(reference: string, { programs, compilerFolder }: ImageContext): Image | undefined {
  const name = /([^/:@]*)(:[^/]*)?(@.*)?$/.exec(reference)?.[1] ?? "";
  switch (name) {
    case "pause":
      return { files: {}, entrypoint: [programs.peer, "pause"], bare: true };
    case "peer":
      return { files: {}, entrypoint: [programs.peer], bare: true };
    case "coredns":
      return { files: { "/coredns": programs.coredns }, entrypoint: ["/coredns"] };
    case "operator-generic":
      return {
        files: { "/usr/bin/cilium-operator-generic": programs.ciliumOperator },
        entrypoint: ["cilium-operator-generic"],
      };
    case "cilium":
      return {
        files: {
          "/usr/bin/cilium-agent": programs.ciliumAgent,
          "/usr/bin/cilium-dbg": programs.ciliumDbg,
          "/usr/bin/cilium-health-responder": programs.ciliumHealthResponder,
          [compilers]: compilerFolder,
        },
        // The agent writes headers of its own among its sources.
        copies: { "/var/lib/cilium/bpf": programs.ciliumBpf },
        entrypoint: ["cilium-agent"],
        path: compilers,
      };
    default:
      return undefined;
  }
}

export interface ImageContext {
  readonly programs: DataPlanePrograms;
  readonly compilerFolder: KeeperSpec["compilerFolder"];
}

/** Init containers of Cilium's agent that prepare what the keeper has prepared, on a real node's root. */
const preparedAlready = [
  "mount-cgroup",
  "apply-sysctl-overwrites",
  "mount-bpf-fs",
  "clean-cilium-state",
  "install-cni-binaries",
];

export const isPreparedAlready = (image: string, container: string): boolean =>
  /(^|\/)cilium(:|@|$)/.test(image) && preparedAlready.includes(container);

/** What a container runs: its own command, or its image's, with its arguments. */
export function commandOf(
  image: Image,
  container: { readonly command?: readonly string[]; readonly args?: readonly string[] },
): string[] {
  return [...(container.command ?? image.entrypoint), ...(container.args ?? [])];
}
