// Pulumi registers ts-node for policy packs, which type-checks the sources at every start. tsx takes
// over from here on: it only strips the types, and a change to the sources takes effect at once.
const Module = require("node:module");
const load = Module._load;

// The SDK reads npm's dependency tree to send functions to a provider, which no policy does; loading
// the reader is a third of a pack's start, so it waits until somebody asks for it.
Module._load = function (request, ...rest) {
  if (request !== "@npmcli/arborist") return load.call(this, request, ...rest);
  const real = () => load.call(this, request, ...rest);
  return new Proxy(function () {}, {
    get: (_, key) => real()[key],
    apply: (_, self, args) => Reflect.apply(real(), self, args),
    construct: (_, args) => Reflect.construct(real(), args),
  });
};

require("tsx/cjs");
// Pulumi's loaders map every stack trace to its sources, also the many that are taken and never shown.
Error.prepareStackTrace = undefined;
require("./index.ts");
