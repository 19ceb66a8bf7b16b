// A process that owns a data plane and does nothing else, to be killed by a test.
import { dataPlaneTools, startDataPlane } from "../../sandbox/data-plane/index.ts";
import { ensureTools } from "../../toolchain/index.ts";

async function main(folder: string): Promise<void> {
  const tools = await ensureTools({ only: dataPlaneTools });
  await startDataPlane({ tools, name: "owned", folder });
  console.log("up");
  setInterval(() => undefined, 60_000);
}

main(process.argv[2] ?? "").catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
