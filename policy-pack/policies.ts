import type {
  Policies,
  Policy,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";
import { formatProblem } from "../model/problem.ts";
import { combine } from "../model/verdict.ts";
import { bundledObjects, withBundled } from "./bundles.ts";
import { Coverage } from "./coverage.ts";
import { Resource } from "./resource.ts";
import type { Finding, ResourceRule, Rule, StackRule } from "./rule.ts";

/**
 * The policy pack's entries for the rules, which share what they could not judge. A rule
 * without a say returns: the SDK's notApplicable() throws, which for thousands of
 * resources costs more than all that the rules do.
 */
export function createPolicies(rules: readonly Rule[], coverage = new Coverage()): Policies {
  return rules.map((rule) =>
    rule.scope === "resource" ? resourcePolicy(rule, coverage) : stackPolicy(rule, coverage),
  );
}

function resourcePolicy(rule: ResourceRule, coverage: Coverage): ResourceValidationPolicy {
  return {
    ...entry(rule),
    validateResource: (args, report) => {
      const judged = [args, ...bundledObjects(args)].map((raw) => new Resource(raw)).filter(rule.applies);
      if (judged.length === 0) return;
      const { problems, unknowns } = combine(judged.map((one) => rule.judge(one, args.getConfig())));
      coverage.record(rule.id, args.urn, unknowns);
      reportAll(problems, report);
    },
  };
}

function stackPolicy(rule: StackRule, coverage: Coverage): StackValidationPolicy {
  return {
    ...entry(rule),
    validateStack: (args, report) => {
      const stack = withBundled(args.resources).map((resource) => new Resource(resource));
      if (!rule.applies(stack)) return;
      const { problems, unknowns } = rule.judge(stack, args.getConfig(), coverage);
      coverage.record(rule.id, "stack", unknowns);
      reportAll(problems, report);
    },
  };
}

function reportAll(problems: readonly Finding[], report: ReportViolation): void {
  for (const problem of problems) report(formatProblem(problem), problem.urn);
}

function entry({ id, title, level, severity, remedy, controls, ...rule }: Rule): Policy {
  const [first] = controls;
  const schema = Object.entries(rule.schema) as [string, PolicyConfigJSONSchema][];
  return {
    name: id,
    displayName: title,
    description: title,
    enforcementLevel: level,
    severity,
    remediationSteps: remedy,
    tags: controls.map(({ framework, version, reference }) => `${framework} ${version} ${reference}`),
    ...(first && {
      framework: {
        name: first.framework,
        version: first.version,
        reference: first.reference,
        specification: first.asks,
      },
    }),
    ...(schema.length > 0 && { configSchema: { properties: Object.fromEntries(schema) } }),
  };
}
