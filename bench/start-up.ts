/**
 * How long `pulumi preview` of dev under the policy pack takes, against the preview of an empty program
 * on the same engine and next to the same cluster, one after the other in one run: `npm run bench`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../sandbox/control-plane/checkout.ts";
import { startControlPlane } from "../sandbox/control-plane/index.ts";
import { Engine } from "../sandbox/engine.ts";
import { programsOf } from "../sandbox/programs.ts";
import { ensureTools } from "../toolchain/index.ts";

const rounds = Number(process.env.ROUNDS ?? 7);

async function main(): Promise<void> {
  const tools = await ensureTools();
  mkdirSync(join(checkout, ".sandbox"), { recursive: true });
  const folder = mkdtempSync(join(checkout, ".sandbox", "bench-"));
  const cluster = await startControlPlane({
    programs: programsOf(tools),
    name: "bench",
    folder: join(folder, "cluster"),
  });
  try {
    const common = { bin: tools.bin, kubeconfig: cluster.kubeconfig };
    const empty = new Engine({ ...common, folder: join(folder, "empty"), project: emptyProject(folder) });
    const ours = new Engine({ ...common, folder: join(folder, "ours") });
    await empty.createStack("dev");
    await ours.createStack("dev", {
      cluster: { apiServer: { host: "10.0.0.10", port: 6443 } },
      cilium: { chart: { path: tools.path("cilium-chart") } },
    });
    const runs = {
      "empty program": () => empty.preview("dev"),
      dev: () => ours.preview("dev"),
      "dev under the policy pack": () => ours.preview("dev", "--policy-pack", join(checkout, "policy-pack")),
    };
    const seconds = new Map<string, number[]>(Object.keys(runs).map((name) => [name, []]));
    for (let round = 0; round <= rounds; round++) {
      for (const [name, run] of Object.entries(runs)) {
        const began = performance.now();
        const { code, output } = await run();
        if (code !== 0) throw new Error(`${name} failed:\n${output}`);
        // The first round warms caches of the file system and of compiled code.
        if (round > 0) seconds.get(name)?.push((performance.now() - began) / 1000);
      }
    }
    report(seconds);
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(seconds: ReadonlyMap<string, readonly number[]>): void {
  const median = (values: readonly number[]): number =>
    [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
  const base = median(seconds.get("empty program") ?? []);
  console.log(`pulumi preview, median of ${rounds} rounds (least to most), and against an empty program's`);
  for (const [name, values] of seconds) {
    const spread = `${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}`;
    console.log(
      `  ${name.padEnd(28)} ${median(values).toFixed(2)} s  (${spread})  ${(median(values) / base).toFixed(2)}×`,
    );
  }
}

/** A program in JavaScript that declares nothing. */
function emptyProject(folder: string): string {
  const project = join(folder, "empty-project");
  mkdirSync(project);
  const runtime = "runtime: { name: nodejs, options: { typescript: false } }\nmain: index.js\n";
  writeFileSync(join(project, "Pulumi.yaml"), `name: empty\n${runtime}`);
  writeFileSync(join(project, "Pulumi.dev.yaml"), "config: {}\n");
  writeFileSync(
    join(project, "package.json"),
    `{ "name": "empty", "version": "0.0.0", "main": "index.js" }\n`,
  );
  writeFileSync(join(project, "index.js"), "");
  return project;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
