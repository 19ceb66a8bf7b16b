import * as pulumi from "@pulumi/pulumi";
import { allConfig } from "@pulumi/pulumi/runtime/config.js";
import type { Settings } from "../model/settings.ts";
import { parseConfigValue, secretProblem } from "./config-value.ts";
import { readSettingsWithFiles } from "./namespace-files.ts";
import { refuse } from "./refuse.ts";

/**
 * The stack's configuration. The only reader of it.
 * @throws RunError with one line per problem, before anything is planned
 */
export function stackSettings(): Settings {
  const prefix = `${pulumi.getProject()}:`;
  const keys = Object.keys(allConfig()).filter((key) => key.startsWith(prefix));
  const secrets = secretKeys()
    .filter((key) => keys.includes(key))
    .map(secretProblem);
  const where = `Pulumi.${pulumi.getStack()}.yaml`;
  // A problem shows the value that was given, so a secret must not get that far.
  if (secrets.length > 0) refuse(where, secrets);

  const raw = Object.fromEntries(
    keys.map((key) => [key.slice(prefix.length), parseConfigValue(allConfig()[key] ?? "")]),
  );
  const { settings, problems } = readSettingsWithFiles(raw);
  return settings ?? refuse(where, problems);
}

/** Names of the encrypted keys, as the engine tells the program. */
function secretKeys(): string[] {
  return JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]") as string[];
}
