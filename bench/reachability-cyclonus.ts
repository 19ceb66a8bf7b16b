/**
 * Who may connect to whom: our evaluator against the matcher of cyclonus, on the same worlds in one run, and the
 * answers are compared. Both begin with plain objects and end with every pair on every port. Ours is run at sizes, too,
 * that cyclonus cannot do in a day: node --import tsx bench/reachability-cyclonus.ts (ROUNDS=5 LARGEST=300).
 */
import { allowedFlows } from "../model/reachability/index.ts";
import { questionForCyclonus } from "../sandbox/judges/cyclonus-differences.ts";
import { type Judge, startJudge } from "../sandbox/judges/judge.ts";
import { asSigns, judgedByUs, listedByUs, worldOf } from "../sandbox/judges/ours.ts";
import type { EgressRule, IngressRule, NetworkPolicy, Scene, Selector } from "../sandbox/judges/scene.ts";
import { ensureTools } from "../toolchain/index.ts";

const rounds = Number(process.env.ROUNDS ?? 5);
const largest = Number(process.env.LARGEST ?? 300);
const sizes = [10, 30, 100, 300, 1000, 3000];
const fullSize = 10_000;
const perNamespace = 10;
/** For each namespace; 1,000 of them have 5,000. */
const flowsPerNamespace = 5;

async function main(): Promise<void> {
  const cyclonus = startJudge((await ensureTools({ only: ["cyclonus"] })).path("cyclonus"));
  console.log(
    `All connections of a world on 4 ports, median of ${rounds} rounds: ${perNamespace} workloads and ${flowsPerNamespace} flows ` +
      "for each namespace, default-deny both ways, DNS",
  );
  console.log("workloads  policies   cyclonus  one by one     faster  all at once     faster");
  try {
    for (const workloads of sizes.filter((size) => size <= largest)) await compare(cyclonus, workloads);
  } finally {
    await cyclonus.stop();
  }
  alone(fullSize);
}

async function compare(cyclonus: Judge, workloads: number): Promise<void> {
  const scene = sceneOf(workloads);
  const times = { theirs: [] as number[], oneByOne: [] as number[], allAtOnce: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    const theirs = await timed(async () => (await cyclonus.ask([questionForCyclonus(scene)]))[0]?.verdicts);
    const oneByOne = await timed(() => judgedByUs(scene));
    const allAtOnce = await timed(() => allowedFlows(worldOf(scene).world));
    // The first round is to warm up, and to compare.
    if (round === 0) {
      const signs = asSigns(scene, theirs.result ?? "");
      if (oneByOne.result !== theirs.result) throw new Error(`judge() answers otherwise at ${workloads}`);
      if (listedByUs(scene) !== signs) throw new Error(`allowedFlows() answers otherwise at ${workloads}`);
      if (!signs.includes("+")) throw new Error("Nothing passes, so nothing is compared");
      continue;
    }
    times.theirs.push(theirs.ms);
    times.oneByOne.push(oneByOne.ms);
    times.allAtOnce.push(allAtOnce.ms);
  }
  const theirs = median(times.theirs);
  const [oneByOne, allAtOnce] = [median(times.oneByOne), median(times.allAtOnce)];
  const cells: readonly [string, number][] = [
    [String(workloads), 9],
    [String(scene.policies.length), 9],
    [inMs(theirs), 10],
    [inMs(oneByOne), 11],
    [ratio(oneByOne, theirs), 9],
    [inMs(allAtOnce), 12],
    [ratio(allAtOnce, theirs), 9],
  ];
  console.log(cells.map(([text, width]) => text.padStart(width)).join(" "));
}

function alone(workloads: number): void {
  const scene = sceneOf(workloads);
  const began = performance.now();
  const flows = allowedFlows(worldOf(scene).world);
  const seconds = (performance.now() - began) / 1000;
  const memory = process.memoryUsage.rss() / 2 ** 20;
  console.log(
    `\n${workloads} workloads in ${workloads / perNamespace} namespaces, ${scene.policies.length} policies: all at once in ` +
      `${seconds.toFixed(2)} s, ${flows.length} blocks of connections; ${memory.toFixed(0)} MiB resident`,
  );
}

/** Namespaces with default-deny both ways and DNS; each flow is a policy at either end, one for each workload. */
function sceneOf(workloads: number): Scene {
  const names = Array.from({ length: Math.ceil(workloads / perNamespace) }, (_, at) => `team-${at}`);
  const pods = Array.from({ length: workloads }, (_, at) => ({
    namespace: names[Math.floor(at / perNamespace)] ?? "",
    labels: { "app.kubernetes.io/name": `workload-${at % perNamespace}` },
    address: `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`,
    ports: [{ name: "http", port: 8080, protocol: "TCP" as const }],
  }));
  return {
    namespaces: Object.fromEntries(names.map((name) => [name, { "kubernetes.io/metadata.name": name }])),
    pods,
    addresses: [],
    policies: names.flatMap((name, at) => policiesOf(name, names[(at + 1) % names.length] ?? name)),
    ports: [
      { protocol: "TCP", port: 8080 },
      { protocol: "TCP", port: 5432 },
      { protocol: "UDP", port: 53 },
      { protocol: "TCP", port: 53 },
    ],
  };
}

/** Workload 0 calls 1, 1 calls 2 and so on; the last of the flows leads into the next namespace. */
function policiesOf(namespace: string, next: string): NetworkPolicy[] {
  const workload = (at: number): Selector => ({
    matchLabels: { "app.kubernetes.io/name": `workload-${at}` },
  });
  const within = (name: string): Selector => ({ matchLabels: { "kubernetes.io/metadata.name": name } });
  const http = [{ protocol: "TCP", port: "http" }] as const;
  const last = flowsPerNamespace - 1;
  const rules = Array.from({ length: flowsPerNamespace }, (_, at) => {
    const egress: EgressRule =
      at === last
        ? { to: [{ namespaceSelector: within(next), podSelector: workload(last) }], ports: http }
        : { to: [{ podSelector: workload(at + 1) }], ports: http };
    const ingress: IngressRule[] =
      at === 0 ? [] : [{ from: [{ podSelector: workload(at - 1) }], ports: http }];
    if (at === last) {
      ingress.push({ from: [{ namespaceSelector: {}, podSelector: workload(last) }], ports: http });
    }
    return {
      podSelector: workload(at),
      policyTypes: ["Ingress", "Egress"] as const,
      ingress,
      egress: [egress],
    };
  });
  const dns = {
    to: [{ namespaceSelector: {} }],
    ports: [{ protocol: "UDP", port: 53 }, { port: 53 }],
  } as const;
  const specs = [
    ...rules,
    { podSelector: {}, policyTypes: ["Egress"] as const, egress: [dns] },
    { podSelector: {}, policyTypes: ["Ingress", "Egress"] as const },
  ];
  return specs.map((spec, at) => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: `policy-${at}`, namespace },
    spec,
  }));
}

async function timed<T>(work: () => T | Promise<T>): Promise<{ ms: number; result: T }> {
  const began = performance.now();
  const result = await work();
  return { ms: performance.now() - began, result };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}

function inMs(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}

/** How often ours fits into theirs. */
function ratio(ours: number, theirs: number): string {
  return `${(theirs / ours).toFixed(1)}×`;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
