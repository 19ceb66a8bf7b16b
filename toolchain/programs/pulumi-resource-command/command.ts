import type { CheckResult, CreateResult, DiffResult, Provider, UpdateResult } from "@pulumi/pulumi/provider";
import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { collectAssets } from "./assets.ts";
import { checkInputs, inputNames, inputsOf, plain, type Properties } from "./inputs.ts";
import { cancelAll, runShell, type Streams } from "./shell.ts";

const supported = "command:local:Command";

/**
 * command:local:Command. Its state repeats the inputs as they came, secrets as secrets;
 * stdout and stderr are secret only where the program asks for it, as with the real one.
 * `read` is left out: without it, the state is taken for the truth.
 */
export const commandProvider: Provider = {
  version: "1.2.1",

  async check(urn: string, _olds: Properties, news: Properties): Promise<CheckResult> {
    const type = typeOf(urn);
    if (type !== supported) throw new Error(`This stand-in knows ${supported} only, not ${type}`);
    return Promise.resolve({ inputs: news, failures: checkInputs(news) });
  },

  async diff(_id: string, _urn: string, olds: Properties, news: Properties): Promise<DiffResult> {
    // Secrets are compared with their marks: one that becomes secret must be stored anew.
    const changed = inputNames.filter((name) => !isDeepStrictEqual(olds[name], news[name]));
    return Promise.resolve({
      changes: changed.length > 0,
      replaces: changed.filter((name) => name === "triggers"),
    });
  },

  async create(urn: string, given: Properties): Promise<CreateResult> {
    const id = `${urn.split("::").at(-1) ?? ""}${randomBytes(4).toString("hex")}`;
    return { id, outs: await execute(inputsOf(given).create, given) };
  },

  async update(_id: string, _urn: string, olds: Properties, news: Properties): Promise<UpdateResult> {
    const { create, update } = inputsOf(news);
    return { outs: await execute(update ?? create, news, olds) };
  },

  async delete(_id: string, _urn: string, state: Properties): Promise<void> {
    const inputs = inputsOf(state);
    if (inputs.delete !== undefined) await runShell(inputs.delete, inputs, streamsOf(state));
  },

  async cancel(): Promise<void> {
    cancelAll();
    return Promise.resolve();
  },
};

/** Runs the command line, if there is one, and returns the resource's new state. */
async function execute(
  line: string | undefined,
  given: Properties,
  before?: Properties,
): Promise<Record<string, unknown>> {
  const inputs = inputsOf(given);
  if (line === undefined) return { ...given, stdout: before?.stdout ?? "", stderr: before?.stderr ?? "" };
  const streams = await runShell(line, inputs, before && streamsOf(before));
  return { ...given, ...streams, ...collectAssets(inputs) };
}

function streamsOf(state: Properties): Streams {
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return { stdout: text(plain(state.stdout)), stderr: text(plain(state.stderr)) };
}

/** The type in a URN, urn:pulumi:stack::project::parent$type::name. */
function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}
