// Plain JavaScript, because bootstrap.mjs needs it before anything is installed.
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/** The one variable that points the cache elsewhere. */
export const CACHE_VARIABLE = "CLUSTER_NETWORK_CACHE";

/**
 * The user's cache folder of this project (absolute; it need not exist yet):
 * $CLUSTER_NETWORK_CACHE, else cluster-network in $XDG_CACHE_HOME, else in ~/.cache.
 */
export function cacheRoot(env = process.env) {
  const own = env[CACHE_VARIABLE];
  if (own) return resolve(own);
  // A relative XDG_CACHE_HOME is to be ignored, says the XDG Base Directory Specification.
  const shared = env.XDG_CACHE_HOME;
  const base = shared && isAbsolute(shared) ? shared : join(env.HOME || homedir(), ".cache");
  return join(base, "cluster-network");
}
