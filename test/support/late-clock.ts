import { join } from "node:path";
import { checkout } from "../../sandbox/control-plane/checkout.ts";

/** Environment in which every Node process has a clock that is some days late. */
export const lateClock = (days: number): Record<string, string> => ({
  NODE_OPTIONS: `--require ${join(checkout, "test/fixtures/clock/back.cjs")}`,
  DAYS_BACK: String(days),
});
