import type { Policies } from "@pulumi/policy";
import * as proxy from "@pulumi/policy/proxy";
import { Coverage } from "../../policy-pack/coverage.ts";
import { createPolicies } from "../../policy-pack/policies.ts";
import { RULES } from "../../policy-pack/rules/index.ts";

/** What the SDK wraps properties with; its declarations leave these out. */
export const { unknownCheckingProxy, UnknownValueError, unknownStringValue } = proxy as unknown as {
  readonly unknownCheckingProxy: <T>(properties: T) => T;
  readonly UnknownValueError: new () => Error;
  readonly unknownStringValue: string;
};

/** A value that the deployment will decide, as the engine sends it. */
export const unknown: unknown = unknownStringValue;

/** A resource as a test writes it. */
export interface TestResource {
  readonly type: string;
  /** Its name in the program. */
  readonly name: string;
  readonly props: Record<string, unknown>;
  readonly provider?: { readonly name: string; readonly props: Record<string, unknown> };
  readonly parent?: string;
  /** For a property the names of the resources whose outputs it holds. */
  readonly dependencies?: Readonly<Record<string, readonly string[]>>;
}

/** What a rule did with a stack. */
export interface Outcome {
  readonly applied: boolean;
  readonly violations: readonly { readonly message: string; readonly urn: string | undefined }[];
  /** What it could not judge. */
  readonly open: readonly string[];
}

class NotApplicable extends Error {}

/** Runs a rule, or several in the pack's order, on a stack; the outcome is the last one's. */
export async function run(
  ids: readonly string[],
  resources: readonly TestResource[],
  config: Record<string, unknown> = {},
): Promise<Outcome> {
  const coverage = new Coverage();
  const policies = createPolicies(RULES, coverage).filter(({ name }) => ids.includes(name));
  let outcome: Outcome = { applied: false, violations: [], open: [] };
  for (const policy of policies) outcome = await runPolicy(policy, resources, config);
  return { ...outcome, open: coverage.list().map(({ path, reason }) => `${path}: ${reason}`) };
}

async function runPolicy(
  policy: Policies[number],
  resources: readonly TestResource[],
  config: Record<string, unknown>,
): Promise<Outcome> {
  const violations: { message: string; urn: string | undefined }[] = [];
  let applied = false;
  const attempt = async (
    args: Record<string, unknown>,
    validate: (args: never, report: (message: string, urn?: string) => void) => Promise<void> | void,
  ): Promise<void> => {
    const notApplicable = (): never => {
      throw new NotApplicable();
    };
    try {
      await validate(
        { ...args, getConfig: () => config, notApplicable } as never,
        (message, urn = args.urn as string | undefined) => violations.push({ message, urn }),
      );
      applied = true;
    } catch (error) {
      if (!(error instanceof NotApplicable)) throw error;
    }
  };
  const stack = resources.map(asPolicyResource);
  if ("validateStack" in policy) await attempt({ resources: stack }, policy.validateStack);
  else if (typeof policy.validateResource === "function") {
    for (const resource of stack) await attempt(resource, policy.validateResource);
  }
  return { applied, violations, open: [] };
}

/** A resource as the SDK hands it over, behind the proxy that throws at unknown values. */
function asPolicyResource({ type, name, props, provider, parent, dependencies = {} }: TestResource) {
  return {
    type,
    name,
    urn: name,
    props: unknownCheckingProxy(props),
    ...(provider && {
      provider: {
        urn: provider.name,
        props: unknownCheckingProxy(provider.props),
      },
    }),
    ...(parent !== undefined && { parent: { urn: parent } }),
    propertyDependencies: Object.fromEntries(
      Object.entries(dependencies).map(([key, names]) => [key, names.map((urn) => ({ urn }))]),
    ),
  };
}

/** Whether a value holds one that is not known. */
export function holdsUnknown(value: unknown): boolean {
  if (value === unknown) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsUnknown);
}
