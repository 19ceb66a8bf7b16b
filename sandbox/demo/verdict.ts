import { type Attempt, nameOf, portOf, shouldPass } from "./connections.ts";
import { type Decided, isExplained } from "./decision.ts";

/** What a measurement shows that was not to be, a line each; empty when exactly the declared flows pass. */
export function faultsOf(decided: readonly Decided[]): string[] {
  return decided.flatMap((attempt) => {
    const fault = faultOf(attempt);
    return fault === undefined
      ? []
      : [`${nameOf(attempt.from)} → ${attempt.to.name} ${portOf(attempt.to)}: ${fault}`];
  });
}

function faultOf(attempt: Decided): string | undefined {
  const { isOpen, isDeclared, outcome, decision } = attempt;
  if (isOpen && !shouldPass(attempt)) return "it passes, and no flow declares it";
  if (!isOpen && shouldPass(attempt)) {
    const what = isDeclared ? "it is declared" : "the stack has no say in it";
    const why = decision.deniedOn ? `a policy denies it on ${decision.deniedOn}` : `it ends in ${outcome}`;
    return `${what}, and ${why}`;
  }
  if (isExplained(attempt)) return undefined;
  return isOpen
    ? "it passes, and Hubble names no policy that allows it"
    : `it ends in ${outcome}, and Hubble saw no policy deny it`;
}

/** A measurement without faults in one sentence; DNS, which was not tried before, does not count. */
export function summaryOf(before: readonly Attempt[], after: readonly Decided[]): string {
  const open = after.filter(({ isOpen, to }) => isOpen && to.kind !== "dns");
  const declared = open.filter(({ isDeclared }) => isDeclared).length;
  return (
    `Exactly the declared flows pass: ${before.filter(({ isOpen }) => isOpen).length} of ${before.length} ` +
    `connections were open before, ${open.length} are now, ${declared} declared and ` +
    `${open.length - declared} that the stack has no say in`
  );
}
