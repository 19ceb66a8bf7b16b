import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";
import { UNKNOWN, type Maybe } from "../model/verdict.ts";

/** An object that a rule leaves out, with the reason for it. */
export interface Exemption {
  /** `namespace/name`, or a name alone where there is no namespace; `*` stands for any text. */
  readonly object: string;
  readonly reason: string;
}

/** The schema of a list of exemptions. */
export function exemptionSchema(
  example: string,
  description = "Objects to leave out, each with its reason",
): PolicyConfigJSONSchema & { description: string; default: readonly Exemption[] } {
  return {
    description: `${description}, such as \`${example}\`; \`*\` stands for any text`,
    type: "array",
    items: {
      type: "object",
      required: ["object", "reason"],
      additionalProperties: false,
      properties: {
        object: { type: "string", minLength: 1 },
        reason: { type: "string", minLength: 10 },
      },
    },
    default: [],
  };
}

/**
 * Whether one of the exemptions covers an object. A name that is not known yet is covered
 * by none: what nobody can name cannot have been accepted.
 */
export function isExempt(
  exemptions: readonly Exemption[],
  namespace: Maybe<string | undefined>,
  name: Maybe<string | undefined>,
): boolean {
  if (namespace === UNKNOWN || name === UNKNOWN || name === undefined) return false;
  const object = namespace === undefined ? name : `${namespace}/${name}`;
  return exemptions.some((exemption) => matches(exemption.object, object));
}

function matches(pattern: string, text: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(text);
}
