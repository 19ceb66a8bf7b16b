import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { V1CustomResourceDefinition } from "@kubernetes/client-node";
import { parse } from "yaml";
import { waitFor } from "../../sandbox/control-plane/wait.ts";
import type { Sandbox } from "./sandbox.ts";

const plurals = ["ciliumnetworkpolicies", "ciliumclusterwidenetworkpolicies"];

/** Installs the definitions of Cilium's policies, as its operator would: simulated nodes run none. */
export async function installCiliumCrds({ client, tools }: Sandbox): Promise<void> {
  await Promise.all(
    plurals.map(async (plural) => {
      const file = join(tools.path("cilium-crds"), `${plural}.yaml`);
      const body = parse(readFileSync(file, "utf8")) as V1CustomResourceDefinition;
      await client.extensions.createCustomResourceDefinition({ body });
      await waitFor(plural, { seconds: 30, every: 100 }, async () => {
        const { status } = await client.extensions.readCustomResourceDefinition({
          name: `${plural}.cilium.io`,
        });
        const isThere = status?.conditions?.some(
          ({ type, status: holds }) => type === "Established" && holds === "True",
        );
        return isThere ? { value: undefined } : { seen: "not established" };
      });
    }),
  );
}
