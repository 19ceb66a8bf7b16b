/**
 * What the release's own configuration cannot be in a world without containers, in one
 * place. Everything else the agent reads from the release.
 */
const agentOverrides: Readonly<Record<string, string>> = {
  // Envoy is a program of its own in Cilium's image, and there is no published module of it.
  "enable-l7-proxy": "false",
};

/** Further arguments of a container. */
export const overridesOf = (container: string): string[] =>
  container === "cilium-agent"
    ? Object.entries(agentOverrides).map(([key, value]) => `--${key}=${value}`)
    : [];
