// Pulumi registers ts-node for policy packs, which type-checks the sources at every start. tsx takes
// over from here on: it only strips the types, and a change to the sources takes effect at once.
require("tsx/cjs");
require("./index.ts");
