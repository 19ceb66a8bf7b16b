// A stand-in for the Command provider, for tests and the demo on machines that cannot
// download the real one (no buildable Go module of it is published). It serves
// command:local:Command as the schema of @pulumi/command 1.2.1 describes it.
import { main } from "@pulumi/pulumi/provider";
import { commandProvider } from "./command.ts";

main(commandProvider, process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
