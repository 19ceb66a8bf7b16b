import { mergeValues, type Values } from "../../model/cilium/merge-values.ts";
import { readStackFile } from "../../stacks/stack-file.ts";
import { ensureTools } from "../../toolchain/index.ts";
import { deployDev, type Plane, planeTools, startPlane, stopPlane } from "./data-plane.ts";
import { skipAllWithout } from "./machine.ts";
import { dnsOnCilium } from "./traffic.ts";

/** The data plane of two nodes that the tests of `test/data-plane/shared/` have in common. */
export interface SharedPlane extends Plane {
  /**
   * Deploys the stack with other settings than those of before. They stay for the tests that come later,
   * so each suite changes only what is its own.
   */
  readonly redeploy: (change: (settings: Values) => Values) => Promise<void>;
}

/** Each suite has a namespace of its own: these with the workloads and flows of shop in the stack dev. */
const likeShop = ["near", "dns", "change", "scale", "services", "enforced"];
/** In this one a client may reach two echoes, and nothing else. */
const restart = {
  name: "restart",
  create: true,
  workloads: [
    { name: "client" },
    { name: "tcp-echo", ports: { echo: 7000 } },
    { name: "udp-echo", ports: { echo: { port: 7000, protocol: "UDP" } } },
  ],
  flows: ["tcp-echo", "udp-echo"].map((to) => ({ from: "client", to, port: "echo" })),
};

/** This one goes through the stages. */
const stages = {
  name: "stages",
  create: true,
  stage: "observe",
  workloads: [
    { name: "web", ports: { main: 8080 } },
    { name: "api", ports: { main: 8080 } },
    { name: "db", ports: { main: 5432 } },
  ],
  flows: [
    { from: "web", to: "api", port: "main" },
    { from: "api", to: "db", port: "main" },
  ],
};

let starting: Promise<SharedPlane> | undefined;

after("stops the shared data plane", async function () {
  this.timeout("1 minute");
  // One that did not start has been reported by the first who asked for it.
  const plane = await starting?.catch(() => undefined);
  if (plane) await stopPlane(plane);
});

/**
 * The shared data plane, where the stack dev is deployed and CoreDNS is on Cilium's network: started by the
 * first block of a process that asks, stopped when all tests have run.
 * @returns the data plane, to be asked for inside tests only
 */
export function useSharedPlane(): () => SharedPlane {
  let plane: SharedPlane | undefined;
  before(async function () {
    skipAllWithout(this, 2);
    this.timeout("90 minutes");
    const tools = await ensureTools({ only: planeTools });
    this.timeout("3 minutes");
    starting ??= startPlane(tools, 2).then(deployed);
    plane = await starting;
  });
  return () => {
    if (!plane) throw new Error("The data plane is there inside tests only");
    return plane;
  };
}

async function deployed(plane: Plane): Promise<SharedPlane> {
  await reloadQuickly(plane);
  const [shop] = readStackFile("Pulumi.dev.yaml").config?.namespaces as Values[];
  let settings = mergeValues(plane.here, {
    // All that these tests do has to work with kube-system under default-deny, too.
    policies: { systemNamespaces: true },
    namespaces: [shop, ...likeShop.map((name) => ({ ...shop, name })), restart, stages],
  });
  await deployDev(plane, settings);
  await dnsOnCilium(plane);
  return {
    ...plane,
    redeploy: async (change) => {
      settings = change(settings);
      plane.engine.configure("dev", settings);
      const run = await plane.engine.up("dev");
      if (run.code !== 0) throw new Error(run.output);
    },
  };
}

/** An operator's own edit, which the stack is to keep: CoreDNS looks at its file every two seconds, not every 30. */
async function reloadQuickly({ core }: Plane): Promise<void> {
  const coredns = { namespace: "kube-system", name: "coredns" };
  const map = await core.readNamespacedConfigMap(coredns);
  const Corefile = map.data?.Corefile?.replace(/^(\s*)reload$/m, "$1reload 2s 1s") ?? "";
  await core.replaceNamespacedConfigMap({ ...coredns, body: { ...map, data: { Corefile } } });
}
