/** Groups that RE2 writes in its own way: flags for all that follows, and names. */
const flags = /\(\?[imsU]*(?:-[imsU]+)?\)/g;
/** What it has not, for it would take time without an end: looking ahead and behind, and back references. */
const unknownToIt = /\(\?<?[=!]|(?<!\\)(?:\\\\)*\\[1-9]/;

/**
 * Whether Cilium can read a regular expression: one that it cannot makes the whole policy void, and what it
 * allows is denied. Judged by JavaScript's own, so what the two read otherwise in detail passes.
 */
export function isGoRegex(text: string): boolean {
  if (unknownToIt.test(text)) return false;
  try {
    new RegExp(text.replace(flags, "").replaceAll("(?P<", "(?<"));
    return true;
  } catch {
    return false;
  }
}
