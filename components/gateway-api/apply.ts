/**
 * Applies the CRDs of the Gateway API that the stack looks after, and waits until the API server serves
 * them: Cilium's operator and chart look for them once. Run by the engine (see gateway-api.ts).
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { V1APIResourceList } from "@kubernetes/client-node";
import { chooseCrds, type ChosenCrd } from "../../model/gateway-api/choose.ts";
import { appliedAnnotation, crdName, type GatewayCrd, readCrd } from "../../model/gateway-api/crd.ts";
import type { GatewayApiPlan } from "../../model/gateway-api/judge.ts";
import { gatewayGroup } from "../../model/gateway-api/pairing.ts";
import { releasedCrds } from "../../model/gateway-api/source.ts";
import { becauseAnnotation, stackLabel } from "../../model/live.ts";
import { formatProblem } from "../../model/problem.ts";
import { type ClusterEditor, expectCluster, openEditor } from "../cluster-editor.ts";
import { ClusterError } from "../cluster-error.ts";
import { runScript } from "../run-script.ts";
import { documentsAt, documentsFrom } from "./source.ts";

/** How long the API server may take to serve a CRD. */
const servedWithinMs = 60_000;

const plan = JSON.parse(process.env.GATEWAY_API ?? "{}") as GatewayApiPlan;
const labels = JSON.parse(process.env.OBJECT_LABELS ?? "{}") as Readonly<Record<string, string>>;
const plurals = Object.keys(plan.required);

runScript(async () => {
  const cluster = await openEditor(process.env.CLUSTER_CONTEXT);
  await expectCluster(cluster, process.env.CLUSTER_UID);
  const live = await readLive(cluster);
  const { documents, from } = await readSource(live);
  const { chosen, problems } = chooseCrds(documents, plan, live, from);
  if (problems.length > 0) {
    for (const problem of problems) console.error(formatProblem(problem));
    process.exitCode = 1;
    return;
  }
  for (const crd of chosen) await apply(cluster, crd, live);
  await waitUntilServed(cluster);
});

const crdPath = (plural: string): string =>
  `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${crdName(plural)}`;

async function readLive(cluster: ClusterEditor): Promise<GatewayCrd[]> {
  const found = await Promise.all(plurals.map((plural) => cluster.get<unknown>(crdPath(plural))));
  return found.flatMap((object) => {
    const crd = readCrd(object);
    if (crd && crd.stack !== labels[stackLabel]) throw takenMeanwhile(crd);
    return crd ?? [];
  });
}

const takenMeanwhile = ({ plural }: GatewayCrd): ClusterError =>
  new ClusterError({
    path: crdName(plural),
    message: "Somebody else has put this CRD into the cluster since the preview",
    remedy: "run again: it is used as it is, or said what is wrong with it",
  });

/** The release has a file for each channel: the experimental one is fetched where something of it is wanted. */
async function readSource(
  live: readonly GatewayCrd[],
): Promise<{ documents: readonly unknown[]; from: string }> {
  const { CRD_PATH: path, CRD_URL: url, CRD_SHA256: sha256 } = process.env;
  if (path !== undefined) return { documents: documentsAt(path), from: path };
  if (url !== undefined) return { documents: await documentsFrom(url, sha256), from: url };
  const isExperimental = (plural: string): boolean =>
    plan.experimental.includes(plural) ||
    live.some((crd) => crd.plural === plural && crd.channel === "experimental");
  const channels = (["standard", "experimental"] as const).filter((channel) =>
    plurals.some((plural) => isExperimental(plural) === (channel === "experimental")),
  );
  const urls = channels.map((channel) => releasedCrds(plan.bundle, channel));
  const documents = await Promise.all(urls.map((one) => documentsFrom(one, undefined)));
  return { documents: documents.flat(), from: urls.join(" and ") };
}

/** One that is not there yet is not taken by force: somebody may be faster. */
async function apply(
  cluster: ClusterEditor,
  { plural, object }: ChosenCrd,
  live: readonly GatewayCrd[],
): Promise<void> {
  const metadata = object.metadata as { readonly labels?: object; readonly annotations?: object };
  const annotations = {
    ...metadata.annotations,
    [appliedAnnotation]: plan.applied,
    [becauseAnnotation]: "Cilium's operator looks for it at its start; stays when the stack goes",
  };
  const body = {
    ...object,
    status: undefined,
    metadata: { name: crdName(plural), labels: { ...metadata.labels, ...labels }, annotations },
  };
  await cluster.apply(crdPath(plural), body, { force: live.some((crd) => crd.plural === plural) });
}

/** Until discovery lists them all: that is where Helm looks. */
async function waitUntilServed(cluster: ClusterEditor): Promise<void> {
  const deadline = Date.now() + servedWithinMs;
  const versions = [...new Set(Object.values(plan.required))];
  while (true) {
    const served = await Promise.all(
      versions.map(async (version) => {
        const list = await cluster.get<V1APIResourceList>(`/apis/${gatewayGroup}/${version}`);
        return (list?.resources ?? []).map(({ name }) => `${name}/${version}`);
      }),
    );
    const there = new Set(served.flat());
    const late = plurals.filter((plural) => !there.has(`${plural}/${plan.required[plural] ?? ""}`));
    if (late.length === 0) return;
    if (Date.now() > deadline) throw notServed(late);
    await sleep(100);
  }
}

const notServed = (late: readonly string[]): ClusterError =>
  new ClusterError({
    path: "cilium.gatewayApi",
    message: `The API server does not serve ${late.join(", ")} after ${servedWithinMs / 1000} s`,
    remedy: `look at the conditions of kubectl get crd ${crdName(late[0] ?? "")} -o yaml, and run again`,
  });
