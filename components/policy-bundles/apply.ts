/**
 * Applies a bundle of policies or of Services, which it is given on its standard input, or with `--remove` takes it away.
 * Run by the engine (see policy-bundles.ts). Ends with an error when it could not do all of it.
 */
import { text } from "node:stream/consumers";
import { decodeBundle } from "../../model/policies/bundle.ts";
import { decodeServices } from "../../model/services/bundle.ts";
import { expectCluster } from "../cluster-editor.ts";
import { connect } from "../cluster-connection.ts";
import { readerOf } from "../cluster-reader.ts";
import { runScript } from "../run-script.ts";
import { type Outcome, applyBundle, removeBundle } from "./apply-bundle.ts";
import { BundleApi } from "./bundle-api.ts";

/** Namespaces of which an error tells. */
const toldAtMost = 20;

runScript(async () => {
  const input = await text(process.stdin);
  const bundle = decodeBundle(input) ?? decodeServices(input);
  if (!bundle) throw new Error("No bundle came on the standard input");
  const what = "services" in bundle ? "Services" : "policies";
  const connection = await connect(process.env.CLUSTER_CONTEXT);
  await expectCluster(readerOf(connection), process.env.CLUSTER_UID);
  const api = new BundleApi(connection);
  if (process.argv.includes("--remove")) {
    console.log(`${await removeBundle(api, bundle)} ${what} deleted`);
    return;
  }
  report(what, await applyBundle(api, bundle, process.env.REVISION ?? ""));
});

function report(what: string, { created, changed, deleted, failures }: Outcome): void {
  console.log(`${created} ${what} created, ${changed} changed, ${deleted} deleted`);
  if (failures.size === 0) return;
  process.exitCode = 1;
  console.error(`Nothing further was done in ${failures.size} namespaces, which are denied nothing new:`);
  for (const [namespace, what] of [...failures].slice(0, toldAtMost))
    console.error(`  ${namespace}: ${what}`);
  if (failures.size > toldAtMost) console.error(`  and ${failures.size - toldAtMost} more`);
}
