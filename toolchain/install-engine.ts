// Run as a process of its own by installer.ts, because an installation cannot be
// called off: node --import tsx install-engine.ts <version> <root>
import { PulumiCommand } from "@pulumi/pulumi/automation";

const [version, root] = process.argv.slice(2);
if (version === undefined || root === undefined) throw new Error("usage: install-engine.ts <version> <root>");

// The declared type is a class of the package semver, but text does: it is only compared and printed.
const options = { version, root } as unknown as Parameters<typeof PulumiCommand.install>[0];
PulumiCommand.install(options).then(
  (command) => console.log(`installed ${command.command}`),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
