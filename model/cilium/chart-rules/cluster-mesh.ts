import type { ChartValues } from "./chart-values.ts";
import type { ChartRule } from "./rule.ts";

/** Modes that keep identities in CRDs. */
const crdModes = ["crd", "doublewrite-readkvstore", "doublewrite-readcrd"];
const kvstoreModes = ["kvstore", "doublewrite-readkvstore", "doublewrite-readcrd"];
const kvstoremesh = "clustermesh.apiserver.kvstoremesh";

/** Who runs the API server of the mesh. */
const servers = ["clustermesh.useAPIServer", "externalWorkloads.enabled"];
const runsServer = (values: ChartValues): boolean => servers.some((key) => values.is(key));
const isExternal = (values: ChartValues): boolean => values.text(`${kvstoremesh}.kvstoreMode`) === "external";

export const clusterMeshRules: readonly ChartRule[] = [
  {
    since: "1.16.0",
    check: (values) => {
      const name = values.text("cluster.name");
      // 1.16 still let go by what had begun before it.
      const old =
        values.version.minor === 16 && /^1\.(\d|1[0-5])(\.|$)/.test(values.text("upgradeCompatibility"));
      const isValid = name.length <= 32 && /^([a-z0-9][-a-z0-9]*)?[a-z0-9]$/.test(name);
      if (name !== "" && (isValid || old)) return undefined;
      return {
        path: values.path("cluster.name"),
        message: `"${name}" is not a cluster name`,
        remedy: "use lower-case letters, digits and -, at most 32 of them",
      };
    },
  },
  {
    since: "1.15.0",
    check: (values) => {
      const max = Number(values.at("clustermesh.maxConnectedClusters"));
      if (max === 255 || max === 511) return undefined;
      return {
        path: values.path("clustermesh.maxConnectedClusters"),
        message: `${values.text("clustermesh.maxConnectedClusters")} is not a choice`,
        remedy: "use 255 or 511, the same in all clusters of the mesh",
      };
    },
  },
  {
    check: (values) =>
      runsServer(values) &&
      values.is("clustermesh.apiserver.tls.auto.enabled") &&
      values.text("clustermesh.apiserver.tls.auto.method") === "certmanager" &&
      !values.is("clustermesh.apiserver.tls.auto.certManagerIssuerRef")
        ? {
            path: values.path("clustermesh.apiserver.tls.auto.certManagerIssuerRef"),
            message: "Missing: clustermesh.apiserver.tls.auto.method certmanager needs an issuer",
            remedy: "name it by group, kind and name, or use the method helm",
          }
        : undefined,
  },
  {
    check: (values) => {
      const mode = values.text("clustermesh.apiserver.tls.authMode");
      if (!runsServer(values) || ["legacy", "migration", "cluster"].includes(mode)) return undefined;
      return {
        path: values.path("clustermesh.apiserver.tls.authMode"),
        message: `"${mode}" is not a choice`,
        remedy: "use legacy, migration or cluster",
      };
    },
  },
  ...servers.map((server): ChartRule => ({
    since: "1.15.0",
    check: (values) => {
      const mode = values.text("identityAllocationMode");
      if (!values.is(server) || !values.is("disableEndpointCRD")) return undefined;
      if (values.version.minor >= 18 && !crdModes.includes(mode)) return undefined;
      return {
        path: values.path(server),
        message: "true needs the CRD CiliumEndpoint, which disableEndpointCRD: true takes away",
        remedy: "set disableEndpointCRD: false",
      };
    },
  })),
  ...servers.map((server): ChartRule => ({
    since: "1.15.0",
    until: "1.18.0",
    check: (values) => {
      const mode = values.text("identityAllocationMode");
      const fits = values.version.minor < 17 ? ["crd"] : crdModes;
      if (!values.is(server) || fits.includes(mode)) return undefined;
      return {
        path: values.path(server),
        message: `true does not go with identityAllocationMode ${mode}`,
        remedy: "keep identities in CRDs, or name the other clusters' kvstores in clustermesh.config",
      };
    },
  })),
  {
    since: "1.18.0",
    check: (values) =>
      values.is("clustermesh.useAPIServer") &&
      !crdModes.includes(values.text("identityAllocationMode")) &&
      !values.is(`${kvstoremesh}.enabled`)
        ? {
            path: values.path(`${kvstoremesh}.enabled`),
            message: `false does not go with identityAllocationMode ${values.text("identityAllocationMode")}`,
            remedy: "set it true, or name the other clusters' kvstores in clustermesh.config",
          }
        : undefined,
  },
  {
    since: "1.18.0",
    check: (values) => {
      const mode = values.text(`${kvstoremesh}.kvstoreMode`);
      if (mode === "internal" || mode === "external") return undefined;
      return {
        path: values.path(`${kvstoremesh}.kvstoreMode`),
        message: `"${mode}" is not a choice`,
        remedy: "use internal or external",
      };
    },
  },
  {
    since: "1.18.0",
    check: (values) => {
      if (!isExternal(values)) return undefined;
      const missing = [
        !values.is("clustermesh.useAPIServer") && "clustermesh.useAPIServer: true",
        !values.is(`${kvstoremesh}.enabled`) && `${kvstoremesh}.enabled: true`,
        values.text("clustermesh.apiserver.replicas") !== "1" && "clustermesh.apiserver.replicas: 1",
        !kvstoreModes.includes(values.text("identityAllocationMode")) && "identityAllocationMode: kvstore",
      ].filter((need) => need !== false);
      if (missing.length === 0) return undefined;
      return {
        path: values.path(`${kvstoremesh}.kvstoreMode`),
        message: `external needs ${missing.join(" and ")}`,
        remedy: "set them, or use internal",
      };
    },
  },
  {
    since: "1.16.4",
    check: (values) => {
      const id = Number(values.at("cluster.id"));
      const isHit = (id >= 128 && id <= 255) || (id >= 384 && id <= 511);
      const onCloud =
        values.is("eni.enabled") ||
        values.is("alibabacloud.enabled") ||
        values.text("cni.chainingMode") === "aws-cni";
      if (!isHit || !onCloud || values.text("extraConfig.allow-unsafe-policy-skb-usage") === "true")
        return undefined;
      return {
        path: values.path("cluster.id"),
        message: `${id} makes policies drop what they allow in ENI mode and when chained to the AWS CNI (cilium #21330)`,
        remedy: "use 1 to 127, or 256 to 383",
      };
    },
  },
];
