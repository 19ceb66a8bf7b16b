import type { LivePod } from "../../model/live-pods.ts";

/** A pod in namespace shop, of an owner in words such as "Deployment api". */
export function livePod(owner: string, over: Partial<LivePod> = {}): LivePod {
  const [kind = "Pod", name = ""] = owner.split(" ");
  return {
    namespace: "shop",
    name: `${name}-1`,
    labels: {},
    owner: { kind, name },
    hostNetwork: false,
    ports: [],
    addresses: [],
    ...over,
  };
}
