/**
 * How long it takes to compile and check the values of all profiles for all chart versions, against what
 * else can be done with them: `npm run bench:compile`. Each peer does a part, for the newest chart: zod
 * checks types by the chart's schema, yaml reads values.yaml, over which the values are laid.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { mergeValues, type Values } from "../model/cilium/merge-values.ts";
import { ciliumProblems, ciliumValues } from "../model/cilium/values.ts";
import { profileNames, withProfile } from "../model/profiles.ts";
import { type CiliumSettings, settingsSchema } from "../model/settings.ts";
import { ensureTools } from "../toolchain/index.ts";

const rounds = Number(process.env.ROUNDS ?? 7);
/** The newest patch of each minor. */
const patches = { 14: 19, 15: 19, 16: 19, 17: 18, 18: 12, 19: 6, 20: 2 };
const newest = "1.20.2";
const apiServer = { host: "10.0.0.10", port: 6443 };
/** A user's own values, as they come on top. */
const own = {
  hubble: { metrics: { enabled: ["dns", "drop", "tcp"] } },
  resources: { requests: { cpu: "100m", memory: "512Mi" } },
  tolerations: [{ operator: "Exists" }],
};

async function main(): Promise<void> {
  const tools = await ensureTools({ only: ["cilium-chart"] });
  const versions = Object.entries(patches).flatMap(([minor, last]) =>
    Array.from({ length: last + 1 }, (_, patch) => `1.${minor}.${patch}`),
  );
  const all = versions.flatMap((version) => profileNames.map((profile) => settingsOf(version, profile)));
  const ofNewest = profileNames.map((profile) => settingsOf(newest, profile));
  const given = ofNewest.map(valuesOf);

  const file = (name: string): string => readFileSync(join(tools.path("cilium-chart"), name), "utf8");
  const schemaText = file("values.schema.json");
  const schema = z.fromJSONSchema(JSON.parse(schemaText) as Parameters<typeof z.fromJSONSchema>[0]);

  const runs: Record<string, { count: number; run: () => unknown }> = {
    compiled: { count: all.length, run: () => all.map(valuesOf) },
    "compiled and checked": {
      count: all.length,
      run: () => all.map((settings) => [valuesOf(settings), ciliumProblems({ settings, apiServer })]),
    },
    [`zod, by the schema of ${newest}`]: {
      count: given.length,
      run: () => given.map((values) => schema.safeParse(values)),
    },
    [`yaml, values.yaml of ${newest} read and laid under`]: {
      count: given.length,
      run: () => given.map((values) => mergeValues(parse(file("values.yaml")) as Values, values)),
    },
  };
  const milliseconds = new Map<string, number[]>(Object.keys(runs).map((name) => [name, []]));
  let first = 0;
  for (let round = 0; round <= rounds; round++) {
    for (const [name, { count, run }] of Object.entries(runs)) {
      const began = performance.now();
      run();
      const took = performance.now() - began;
      // The first round is what a cold program would see; it warms code for the others.
      if (round > 0) milliseconds.get(name)?.push(took / count);
      else if (name === "compiled and checked") first = took;
    }
  }
  report(milliseconds, first, all.length, versions.length);
}

function settingsOf(version: string, profile: string): CiliumSettings {
  const raw = { profile, cluster: { name: "bench", nodes: 120 }, cilium: { version, values: own } };
  return settingsSchema.parse(withProfile(raw)).cilium;
}

const valuesOf = (settings: CiliumSettings): Values =>
  ciliumValues({ settings, apiServer, operatorReplicas: 2 });

function report(
  milliseconds: ReadonlyMap<string, readonly number[]>,
  first: number,
  count: number,
  versions: number,
): void {
  const median = (values: readonly number[]): number =>
    [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
  const base = median(milliseconds.get("compiled and checked") ?? []);
  console.log(`${profileNames.length} profiles × ${versions} chart versions = ${count} sets of values`);
  console.log(
    `  all compiled and checked: ${first.toFixed(0)} ms at first, then ${(base * count).toFixed(0)} ms`,
  );
  console.log(`for one set, median of ${rounds} rounds (least to most), and against compiled and checked`);
  for (const [name, values] of milliseconds) {
    const spread = `${Math.min(...values).toFixed(3)} to ${Math.max(...values).toFixed(3)}`;
    const ratio = (median(values) / base).toFixed(2);
    console.log(`  ${name.padEnd(48)} ${median(values).toFixed(3)} ms  (${spread})  ${ratio}×`);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
