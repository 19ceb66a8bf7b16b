// Not the whole SDK: its start would take a second of every run.
import * as runtime from "@pulumi/pulumi/runtime/rpc.js";

/** The inputs of command:local:Command, without secrets' wrappings. */
export interface CommandInputs {
  readonly create?: string;
  readonly update?: string;
  readonly delete?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly triggers?: readonly unknown[];
  readonly dir?: string;
  readonly logging?: "stdout" | "stderr" | "stdoutAndStderr" | "none";
  readonly interpreter?: readonly string[];
  readonly addPreviousOutputInEnv?: boolean;
  readonly assetPaths?: readonly string[];
  readonly archivePaths?: readonly string[];
}

/** Properties as the engine sends them. */
export type Properties = Readonly<Record<string, unknown>>;

interface Kind {
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
}

const text: Kind = { expected: "a string", holds: (value) => typeof value === "string" };
const list: Kind = { expected: "a list", holds: Array.isArray };
const texts: Kind = {
  expected: "a list of strings",
  holds: (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
};
const logging = ["stdout", "stderr", "stdoutAndStderr", "none"];

const kinds: Readonly<Record<keyof CommandInputs, Kind>> = {
  create: text,
  update: text,
  delete: text,
  environment: {
    expected: "a map of strings",
    holds: (value) => isRecord(value) && Object.values(value).every((item) => typeof item === "string"),
  },
  stdin: text,
  triggers: list,
  dir: text,
  logging: { expected: `one of ${logging.join(", ")}`, holds: (value) => logging.includes(value as string) },
  interpreter: texts,
  addPreviousOutputInEnv: { expected: "true or false", holds: (value) => typeof value === "boolean" },
  assetPaths: texts,
  archivePaths: texts,
};
export const inputNames = Object.keys(kinds) as readonly (keyof CommandInputs)[];

/** What is wrong with the inputs, property by property. Values that are not known yet pass. */
export function checkInputs(given: Properties): { property: string; reason: string }[] {
  return Object.entries(given).flatMap(([property, value]) => {
    const kind = (kinds as Readonly<Record<string, Kind | undefined>>)[property];
    if (kind === undefined) return [{ property, reason: `command:local:Command has no input "${property}"` }];
    const known = plain(value);
    if (known === undefined || known === null || known === runtime.unknownValue || kind.holds(known))
      return [];
    return [{ property, reason: `must be ${kind.expected}, not ${JSON.stringify(value)}` }];
  });
}

/** The inputs among a resource's properties (its state repeats them), unwrapped. */
export function inputsOf(properties: Properties): CommandInputs {
  const present = inputNames.filter((name) => properties[name] !== undefined && properties[name] !== null);
  return Object.fromEntries(present.map((name) => [name, plain(properties[name])]));
}

/** A value without the wrappings that mark secrets in it. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isRecord(value)) return value;
  if (value[runtime.specialSigKey] === runtime.specialSecretSig) return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
