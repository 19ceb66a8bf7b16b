import * as proxy from "@pulumi/policy/proxy";
import { Coverage } from "../../policy-pack/coverage.ts";
import { createPolicies } from "../../policy-pack/policies.ts";
import { Resource, type RawResource } from "../../policy-pack/resource.ts";
import type { Rule } from "../../policy-pack/rule.ts";
import { RULES } from "../../policy-pack/rules/index.ts";

// The SDK's declarations leave these out.
const sdk = proxy as unknown as {
  readonly unknownCheckingProxy: <T>(properties: T) => T;
  readonly UnknownValueError: new () => Error;
  readonly unknownStringValue: string;
};

/** What the SDK wraps a resource's properties with, and what it throws. */
export const { unknownCheckingProxy, UnknownValueError } = sdk;

/** A value that the deployment will decide, as the engine sends it. */
export const unknown: unknown = sdk.unknownStringValue;

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

/** Runs a rule, or several in the pack's order, on a stack; the outcome is the last one's. */
export async function run(
  ids: readonly string[],
  resources: readonly TestResource[],
  config: Record<string, unknown> = {},
): Promise<Outcome> {
  const coverage = new Coverage();
  const rules = RULES.filter(({ id }) => ids.includes(id));
  const stack = resources.map(asPolicyResource);
  const violations: { message: string; urn: string | undefined }[] = [];
  let applied = false;
  for (const [i, policy] of createPolicies(rules, coverage).entries()) {
    violations.length = 0;
    applied = appliesTo(rules[i], stack);
    const report = (message: string, urn?: string): void => void violations.push({ message, urn });
    if ("validateStack" in policy) {
      await policy.validateStack({ resources: stack, ...context(config) } as never, report);
    } else if (typeof policy.validateResource === "function") {
      for (const resource of stack) {
        await policy.validateResource({ ...resource, ...context(config) } as never, (message, urn) =>
          report(message, urn ?? resource.urn),
        );
      }
    }
  }
  return { applied, violations, open: coverage.list().map(({ path, reason }) => `${path}: ${reason}`) };
}

function appliesTo(rule: Rule | undefined, raw: readonly RawResource[]): boolean {
  const stack = raw.map((one) => new Resource(one));
  return rule?.scope === "resource" ? stack.some(rule.applies) : (rule?.applies(stack) ?? false);
}

const context = (config: object) => ({ getConfig: () => config });

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
