import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";
import type { Problem } from "../model/problem.ts";
import type { Doubt } from "../model/verdict.ts";
import type { Coverage } from "./coverage.ts";
import type { Resource } from "./resource.ts";

/** A control of a framework that a rule serves. */
interface Control {
  readonly framework: "PCI DSS" | "CIS Kubernetes" | "NSA/CISA" | "CVE";
  readonly version: string;
  readonly reference: string;
  /** What the control asks for, in a few words. */
  readonly asks: string;
}

/** A rule's settings: for each its schema with the default, from which docs and pack are made. */
type ConfigSchema<C> = {
  readonly [K in keyof C]-?: PolicyConfigJSONSchema & {
    readonly description: string;
    readonly default: C[K];
  };
};

/** All that is said of a rule; the policy pack's entry and the rule's page are made of it. */
interface RuleInfo {
  /** Also its name in the policy pack and in its configuration. */
  readonly id: string;
  /** What holds when nothing is wrong, one sentence without a period. */
  readonly title: string;
  readonly level: "mandatory" | "advisory";
  readonly severity: "low" | "medium" | "high" | "critical";
  /** Why it matters. Markdown. */
  readonly rationale: string;
  /** The exact condition, with what is not seen. Markdown. */
  readonly predicate: string;
  /** How to put it right. Markdown. */
  readonly remedy: string;
  readonly controls: readonly Control[];
}

/** A problem, and the resource to show it at; without one it is shown at the stack. */
export interface Finding extends Problem {
  readonly urn?: string | undefined;
}
export interface OpenQuestion extends Doubt {
  readonly urn?: string | undefined;
}
export interface Findings {
  readonly problems: readonly Finding[];
  readonly unknowns: readonly OpenQuestion[];
}

interface ResourceRuleSpec<C> extends RuleInfo {
  readonly config: ConfigSchema<C>;
  /** Whether the rule has a say on this resource; its properties are read only then. */
  readonly applies: (resource: Resource) => boolean;
  readonly judge: (resource: Resource, config: C) => Findings;
}

interface StackRuleSpec<C> extends RuleInfo {
  readonly config: ConfigSchema<C>;
  /** Whether the stack has anything to judge. */
  readonly applies: (stack: readonly Resource[]) => boolean;
  readonly judge: (stack: readonly Resource[], config: C, coverage: Coverage) => Findings;
}

/** Settings as they come from the pack's configuration, before the defaults. */
type RawConfig = Readonly<Record<string, unknown>>;

export interface ResourceRule extends RuleInfo {
  readonly scope: "resource";
  readonly schema: ConfigSchema<Record<string, unknown>>;
  readonly applies: (resource: Resource) => boolean;
  readonly judge: (resource: Resource, config: RawConfig) => Findings;
}
export interface StackRule extends RuleInfo {
  readonly scope: "stack";
  readonly schema: ConfigSchema<Record<string, unknown>>;
  readonly applies: (stack: readonly Resource[]) => boolean;
  readonly judge: (stack: readonly Resource[], config: RawConfig, coverage: Coverage) => Findings;
}
export type Rule = ResourceRule | StackRule;

/** A rule that judges each resource by itself, before it is deployed. */
export function resourceRule<C extends object>({
  config,
  judge,
  ...rule
}: ResourceRuleSpec<C>): ResourceRule {
  return {
    ...rule,
    scope: "resource",
    schema: config,
    judge: (resource, raw) => judge(resource, withDefaults(config, raw)),
  };
}

/** A rule that judges all resources of a stack together. */
export function stackRule<C extends object>({ config, judge, ...rule }: StackRuleSpec<C>): StackRule {
  return {
    ...rule,
    scope: "stack",
    schema: config,
    judge: (stack, raw, coverage) => judge(stack, withDefaults(config, raw), coverage),
  };
}

function withDefaults<C extends object>(schema: ConfigSchema<C>, raw: RawConfig): C {
  const keys = Object.keys(schema) as (keyof C & string)[];
  return Object.fromEntries(keys.map((key) => [key, raw[key] ?? schema[key].default])) as C;
}
