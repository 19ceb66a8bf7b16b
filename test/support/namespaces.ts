import { execFileSync } from "node:child_process";
import { start, until } from "./processes.ts";

/** A test that makes network namespaces; where that is not possible it is skipped, and its title says why. */
export function itWithNamespaces(title: string, test: () => Promise<void>): void {
  const obstacle = obstacleToNamespaces();
  if (obstacle === undefined) it(title, test);
  else it.skip(`${title} (${obstacle})`, test);
}

function obstacleToNamespaces(): string | undefined {
  if (process.platform !== "linux") return "needs Linux";
  if (process.getuid?.() !== 0) return "needs root";
  try {
    execFileSync("unshare", ["--net", "ip", "link"], { stdio: "pipe" });
    return undefined;
  } catch (error) {
    return `needs network namespaces: ${String(error).trim().split("\n").at(-1) ?? ""}`;
  }
}

export interface NetworkNamespace {
  readonly file: string;
  readonly close: () => Promise<void>;
}

/** A network namespace with nothing but loopback. */
export async function newNetworkNamespace(): Promise<NetworkNamespace> {
  const holder = start("unshare", ["--net", "sh", "-c", "ip link set lo up && echo up && exec sleep 600"]);
  await until(() => holder.output() === "up\n", "the namespace is there");
  return {
    file: `/proc/${holder.child.pid}/ns/net`,
    close: async () => {
      holder.child.kill("SIGKILL");
      await holder.ended;
    },
  };
}
