import type { Context } from "mocha";
import { readMachine, shortcomings } from "../../sandbox/data-plane/machine.ts";

/**
 * Skips the running test where this machine lacks what it needs, with the reason behind its title.
 * @param features the names of the features that count; all by default
 */
export function skipWithout(context: Context, features = /./): void {
  const reason = reasonToSkip(1, features);
  if (reason === undefined) return;
  if (context.test) context.test.title += reason;
  context.skip();
}

/** Skips every test of the block whose hook this is, unless the machine can run so many nodes. */
export function skipAllWithout(context: Context, nodes: number): void {
  const reason = reasonToSkip(nodes);
  if (reason === undefined) return;
  context.test?.parent?.eachTest((test) => {
    test.title += reason;
  });
  context.skip();
}

function reasonToSkip(nodes: number, features = /./): string | undefined {
  const missing = shortcomings(readMachine(), nodes).find(({ feature }) => features.test(feature));
  return missing && ` (skipped: ${missing.message})`;
}
