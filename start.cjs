// Compiles the TypeScript sources as they are loaded: no build step, and an edit always counts.
require("node:module").enableCompileCache?.();
require("tsx/cjs");
module.exports = require("./index.ts").default;
