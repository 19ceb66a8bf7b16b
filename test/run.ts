/**
 * All tests: `npm test`. Arguments choose files by a part of their path (`npm test -- corefile`).
 * Ends with the line `N passed, N failed, N skipped`.
 */
import { globSync } from "node:fs";
import Mocha from "mocha";

function main(wanted: readonly string[]): void {
  const files = globSync("test/**/*.test.ts")
    .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
    // The slow ones, on the real engine, come last.
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  if (files.length === 0) {
    console.error(`No test file has ${wanted.join(" or ")} in its path`);
    process.exitCode = 1;
    return;
  }
  const mocha = new Mocha({ timeout: 10_000, forbidOnly: process.env.CI !== undefined, slow: 2_000 });
  for (const file of files) mocha.addFile(file);
  const runner = mocha.run((failures) => {
    const { passes, pending } = runner.stats ?? { passes: 0, pending: 0 };
    console.log(`${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ""}`);
    process.exitCode = failures > 0 ? 1 : 0;
  });
}

const rank = (file: string): number => (file.startsWith("test/engine/") ? 1 : 0);

main(process.argv.slice(2));
