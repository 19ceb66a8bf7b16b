/**
 * How a deployment grows with its namespaces, each with default-deny and five flows, against
 * `kubectl apply` of the same objects in the same run: `npm run bench:growth -- [sizes]`, by default
 * 10 100 1000. Each measurement has a cluster of its own. A resource for each object is measured beside
 * the bundles up to RESOURCES_AT_MOST namespaces (30): with more, the state is rewritten for minutes.
 */
import { engineTools } from "../sandbox/programs.ts";
import { ensureTools } from "../toolchain/index.ts";
import { type Measured, measureDeployment, measureKubectl, type Peer } from "./growth/measure.ts";
import type { Way } from "./growth/settings.ts";

const resourcesAtMost = Number(process.env.RESOURCES_AT_MOST ?? 30);

interface Row extends Measured {
  readonly size: number;
  readonly way: Way;
  readonly peer: Peer;
}

async function main(sizes: readonly number[]): Promise<void> {
  const tools = await ensureTools({ only: [...engineTools, "control-plane", "kwok", "kubectl"] });
  const rows: Row[] = [];
  for (const size of sizes) {
    const peer = await measureKubectl(tools, size);
    const ways = size > resourcesAtMost ? (["bundles"] as const) : (["bundles", "resources"] as const);
    for (const way of ways) {
      const row = { size, way, peer, ...(await measureDeployment(tools, size, way)) };
      rows.push(row);
      // A measurement of minutes is not lost with those after it.
      console.error(JSON.stringify(row));
    }
  }
  report(rows);
}

function report(rows: readonly Row[]): void {
  for (const way of ["bundles", "resources"] as const) {
    const ofWay = rows.filter((row) => row.way === way);
    if (ofWay.length === 0) continue;
    const columns = Object.entries(cells);
    console.log(`\npolicies.delivery: ${way}`);
    console.log(line(["namespaces", ...columns.map(([name]) => name)]));
    ofWay.forEach((row, i) => {
      console.log(line([row.size, ...columns.map(([, cell]) => round(cell(row)))]));
      const before = ofWay[i - 1];
      if (!before) return;
      const factors = columns.map(([, cell]) => `×${round(cell(row) / cell(before))}`);
      console.log(line([`×${round(row.size / before.size)}`, ...factors]));
    });
  }
}

const cells: Readonly<Record<string, (row: Row) => number>> = {
  objects: ({ peer }) => peer.objects,
  resources: ({ resources }) => resources,
  "state KiB": ({ stateKiB }) => stateKiB,
  "preview s": ({ preview }) => preview,
  "up s": ({ up }) => up,
  "preview again s": ({ again }) => again,
  "requests of up": ({ upRequests }) => upRequests,
  "of preview": ({ previewRequests }) => previewRequests,
  "kubectl apply s": ({ peer }) => peer.seconds,
  "its requests": ({ peer }) => peer.requests,
  "up / kubectl": ({ up, peer }) => up / peer.seconds,
};

const round = (value: number): string =>
  value < 100 ? String(Number(value.toPrecision(2))) : value.toFixed(0);
const line = (values: readonly (string | number)[]): string =>
  values.map((value, i) => String(value).padStart(i === 0 ? 10 : 16)).join("");

const sizes = process.argv.slice(2).map(Number);
if (sizes.some((size) => !Number.isInteger(size) || size < 1)) {
  console.error("usage: npm run bench:growth -- [numbers of namespaces]");
  process.exitCode = 2;
} else {
  main(sizes.length > 0 ? sizes : [10, 100, 1000]).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
