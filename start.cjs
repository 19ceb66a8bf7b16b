// Compiles the TypeScript sources as they are loaded: no build step, and an edit always counts.
require("node:module").enableCompileCache?.();
require("tsx/cjs");
// Pulumi's loaders map every stack trace to its sources, also the many that are taken and never shown.
Error.prepareStackTrace = undefined;
module.exports = require("./index.ts").default;
