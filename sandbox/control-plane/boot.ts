import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Api } from "./api.ts";
import type { Access } from "./api.ts";
import { kubeconfig, randomToken, serviceAccountKeys, tokenFile } from "./credentials.ts";
import { ControlPlaneError, textOf } from "./error.ts";
import type { Layout } from "./layout.ts";
import type { Plan } from "./options.ts";
import { writeRecord } from "./owner.ts";
import type { OwnerRecord } from "./owner.ts";
import { freePort } from "./ports.ts";
import { supervisorSpec } from "./processes.ts";
import { Supervisor, childrenOf, endProcesses } from "./supervisor.ts";
import { waitFor } from "./wait.ts";

/** An API server that answers. */
export interface Booted {
  readonly supervisor: Supervisor;
  readonly record: OwnerRecord;
  readonly port: number;
  readonly context: string;
  readonly access: Access;
}

/** A free port can be taken before the API server has it; three in a row are no coincidence. */
const attempts = 3;

/**
 * Writes what the parts need, starts them and waits for the API server, on another
 * port when somebody was faster.
 * @throws ControlPlaneError, and leaves no process behind
 */
export async function boot(
  plan: Plan,
  layout: Layout,
  record: OwnerRecord,
  stages: readonly string[] | undefined,
): Promise<Booted> {
  const token = writeCredentials(layout);
  for (let attempt = 1; ; attempt++) {
    const port = plan.port ?? (await freePort());
    try {
      return await bootOn(port, token, plan, layout, record, stages);
    } catch (error) {
      if (!lostPort(layout, port)) throw error;
      if (plan.port !== undefined) {
        throw new ControlPlaneError(`Port ${port} of 127.0.0.1 is taken: choose another one, or none`);
      }
      if (attempt === attempts) throw error;
    }
  }
}

async function bootOn(
  port: number,
  token: string,
  plan: Plan,
  layout: Layout,
  claimed: OwnerRecord,
  stages: readonly string[] | undefined,
): Promise<Booted> {
  freshLogs(layout);
  const server = `https://127.0.0.1:${port}`;
  const context = `sandbox-${plan.name}`;
  write(layout.partsKubeconfig, kubeconfig(context, server, token, { file: layout.authority }));
  const spec = supervisorSpec(plan, layout, port, stages);
  const supervisor = await Supervisor.start(plan.programs.controlPlane, spec, layout);
  try {
    const record = { ...claimed, supervisor: supervisor.identity, server, context };
    writeRecord(layout, record);
    const access = await waitForServer(server, token, plan, layout, supervisor);
    write(layout.kubeconfig, kubeconfig(context, server, token, { pem: access.authority }));
    return { supervisor, record, port, context, access };
  } catch (error) {
    await endProcesses(supervisor.identity, childrenOf(layout));
    writeRecord(layout, claimed);
    throw error;
  }
}

/** Waits for our API server, known by its certificate and by our token, and returns how to reach it. */
function waitForServer(
  server: string,
  token: string,
  plan: Plan,
  layout: Layout,
  supervisor: Supervisor,
): Promise<Access> {
  const bound = {
    seconds: plan.timeoutSeconds,
    log: layout.log("kube-apiserver"),
    alive: () => supervisor.assertRunning(),
  };
  return waitFor(`the API server at ${server}`, bound, async () => {
    const access = { server, token, authority: readFileSync(layout.authority, "utf8") };
    const api = new Api(access);
    try {
      await api.get("/readyz");
      return { value: access };
    } finally {
      api.close();
    }
  });
}

function writeCredentials(layout: Layout): string {
  const token = randomToken();
  const { privateKey, publicKey } = serviceAccountKeys();
  write(layout.tokens, tokenFile(token));
  write(layout.serviceAccountKey, privateKey);
  write(layout.serviceAccountPublicKey, publicKey);
  return token;
}

function freshLogs(layout: Layout): void {
  rmSync(layout.logs, { recursive: true, force: true });
  mkdirSync(layout.logs, { mode: 0o700 });
}

const write = (file: string, text: string): void => writeFileSync(file, text, { mode: 0o600 });

/** Whether the API server ended because its port was not free. */
function lostPort(layout: Layout, port: number): boolean {
  return textOf(layout.log("kube-apiserver")).includes(`127.0.0.1:${port}: bind: address already in use`);
}
