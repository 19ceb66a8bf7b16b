import type { Problem } from "../problem.ts";
import type { CiliumSettings } from "../settings.ts";

type CrdSettings = CiliumSettings["gatewayApi"]["crds"];

/** What the Gateway API's own project publishes for a release, by channel. */
export const releasedCrds = (bundle: string, channel: "standard" | "experimental"): string =>
  `https://github.com/kubernetes-sigs/gateway-api/releases/download/v${bundle}/${channel}-install.yaml`;

/** What is wrong with where the CRDs are to come from. */
export function crdSourceProblems({ gatewayApi: { crds } }: CiliumSettings): Problem[] {
  const path = "cilium.gatewayApi.crds";
  const given = givenSources(crds);
  return [
    ...(given.length > 1
      ? [
          {
            path,
            message: `${given.join(" and ")} are given together`,
            remedy: "keep one of path, url, existing",
          },
        ]
      : []),
    ...(crds.sha256 !== undefined && crds.url === undefined
      ? [
          {
            path: `${path}.sha256`,
            message: "Is given without the url that it is of",
            remedy: "set cilium.gatewayApi.crds.url, too",
          },
        ]
      : []),
  ];
}

const givenSources = ({ path, url, existing }: CrdSettings): string[] => [
  ...(path === undefined ? [] : ["path"]),
  ...(url === undefined ? [] : ["url"]),
  ...(existing ? ["existing"] : []),
];
