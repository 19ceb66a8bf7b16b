/**
 * How long the proof takes for a platform of 1,000 namespaces, 10,000 workloads and 5,000 flows, and how much
 * memory: `npm run bench:reachability`. SIZES=10,100,1000 sets the numbers of namespaces. What cyclonus' matcher
 * does in the same time, on the sizes it can do, is `bench/reachability-cyclonus.ts`.
 */
import { prove } from "../model/reachability/proof.ts";
import { intentOf, provePolicies, worldOf } from "../model/reachability/stack.ts";
import { planPolicies } from "../model/policies/plan-policies.ts";
import { settingsOf } from "../test/support/settings.ts";
import { bigSettings } from "../test/support/big-settings.ts";
import { liveWith } from "../test/support/proof.ts";

const sizes = (process.env.SIZES ?? "10,100,1000").split(",").map(Number);
const stack = "cluster-network.bench";

function main(): void {
  console.log("namespaces  workloads  flows  policies  plan  proof  + rollout  processor  most memory");
  for (const size of sizes) console.log(measured(size));
}

function measured(size: number): string {
  const settings = settingsOf(bigSettings(size));
  const live = liveWith();
  const [plan, planning] = timed(() => planPolicies(settings, live));
  const [, proving] = timed(() => {
    const { world } = worldOf(settings, plan, live, stack);
    return prove(intentOf(settings, plan), world);
  });
  const before = process.cpuUsage();
  const [{ problems, warnings }, all] = timed(() => provePolicies(settings, plan, live, stack));
  const { user, system } = process.cpuUsage(before);
  if (plan.problems.length + problems.length + warnings.length > 0)
    throw new Error("The proof does not hold");
  const columns = [
    String(size).padStart(10),
    String(size * 10).padStart(9),
    String(plan.flows.length).padStart(5),
    String(plan.policies.length).padStart(8),
    `${seconds(planning)} s`,
    `${seconds(proving)} s`,
    `${seconds(all)} s`.padStart(9),
    `${seconds((user + system) / 1000)} s`.padStart(9),
    `${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`,
  ];
  return columns.join("  ");
}

function timed<T>(work: () => T): [T, number] {
  const start = performance.now();
  const result = work();
  return [result, performance.now() - start];
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(2);

main();
