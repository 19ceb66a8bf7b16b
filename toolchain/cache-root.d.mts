export declare const CACHE_VARIABLE: "CLUSTER_NETWORK_CACHE";
/**
 * The user's cache folder of this project (absolute; it need not exist yet):
 * $CLUSTER_NETWORK_CACHE, else cluster-network in $XDG_CACHE_HOME, else in ~/.cache.
 */
export declare function cacheRoot(env?: Readonly<Record<string, string | undefined>>): string;
