import { join } from "node:path";

/** The root of the checkout: the sandbox reads its manifests and keeps its state relative to it. */
export const checkout = join(__dirname, "..", "..");
