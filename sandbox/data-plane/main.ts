// Starts, shows, uses and stops a data plane by hand.
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { parseArgs } from "node:util";
import { ensureTools, ToolError } from "../../toolchain/index.ts";
import { Api } from "../control-plane/api.ts";
import { accessOf } from "../control-plane/credentials.ts";
import { ControlPlaneError } from "../control-plane/index.ts";
import { DataPlane } from "./data-plane.ts";
import type { Where } from "./data-plane.ts";
import { DataPlaneError } from "./error.ts";
import type { Flow, FlowEnd } from "./flows.ts";
import type { PodState } from "./keeper/spec.ts";
import { stopDataPlane } from "./lifecycle.ts";
import { dataPlaneTools, folderOf } from "./options.ts";
import { startDataPlane } from "./start.ts";

const usage = `Usage: main.ts start [--name NAME] [--nodes 1..3]
       main.ts status [--name NAME]
       main.ts pod add POD [--namespace NS] [--image IMAGE] [--node NODE] [-- ARGUMENT...]
       main.ts pod remove POD [--namespace NS]
       main.ts exec WHERE -- COMMAND...      WHERE: namespace/pod, a node's name, or outside
       main.ts flows [NODE] [--last N]
       main.ts restart-agent [NODE]
       main.ts stop [--name NAME] [--keep-logs]

  start    nodes as network namespaces that run until stopped; deploy a stack to them to have Cilium
  --name   tells data planes apart; the files are in .sandbox/NAME (default: data-plane)
  --image  peer (default: serves HTTP on 8080), coredns or pause; any other is only simulated`;

const options = {
  name: { type: "string", default: "data-plane" },
  nodes: { type: "string", default: "1" },
  namespace: { type: "string", default: "default" },
  image: { type: "string", default: "peer" },
  node: { type: "string" },
  last: { type: "string", default: "20" },
  "keep-logs": { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>["values"];

/** @returns the process's exit code */
async function main(args: readonly string[]): Promise<number> {
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  const rest = end < 0 ? [] : args.slice(end + 1);
  const { values, positionals } = parseArgs({ args: [...own], options, allowPositionals: true });
  const [command = "", ...operands] = positionals;
  if (values.help) return say(usage);
  const folder = folderOf({ name: values.name });
  switch (`${command} ${operands.length}`) {
    case "start 0":
      return start(values);
    case "status 0":
      return show(folder, values.name);
    case "stop 0":
      return say(
        `${values.name}: ${(await stopDataPlane(folder, { keepLogs: values["keep-logs"] })) ? "stopped" : "nothing to stop"}`,
      );
    case "pod 2":
      if (operands[0] === "add") return addPod(new DataPlane(folder), operands[1] ?? "", values, rest);
      if (operands[0] === "remove") return removePod(new DataPlane(folder), operands[1] ?? "", values);
      return wrong();
    case "exec 1":
      return rest.length === 0 ? wrong() : exec(new DataPlane(folder), operands[0] ?? "", rest);
    case "flows 0":
    case "flows 1":
      return flows(new DataPlane(folder), operands[0], values.last);
    case "restart-agent 0":
    case "restart-agent 1":
      return restartAgents(new DataPlane(folder), operands[0]);
    default:
      return wrong();
  }
}

async function start({ name, nodes }: Values): Promise<number> {
  const tools = await ensureTools({ only: dataPlaneTools });
  const started = await startDataPlane({ tools, name, nodes: Number(nodes), detached: true });
  say(`${name}: nodes Ready after ${(started.readyAfter / 1000).toFixed(1)} s`);
  return show(started.folder, name);
}

/** Exit code 0 when it runs, 3 when not, as of a service. */
function show(folder: string, name: string): number {
  const found = DataPlane.find(folder);
  if (!found) return say(`${name}: not running`, 3);
  const { nodes, pods, outside } = found.state;
  const { host, port } = found.apiServer;
  const lines = [
    `${name}: running, API server for a stack: { host: ${host}, port: ${port} }, outside: ${outside.address}`,
    ...nodes.flatMap(({ name: node, address }) => [
      `  ${node}  ${address}`,
      ...pods.filter((pod) => pod.node === node).map(podLine),
    ]),
    `  export KUBECONFIG=${relative(process.cwd(), found.kubeconfig)}`,
  ];
  return say(lines.join("\n"));
}

const podLine = ({ namespace, name, address, network, simulated }: PodState): string => {
  const told = simulated.length > 0 ? `, simulated: ${simulated.join(", ")}` : "";
  return `    ${namespace}/${name}  ${address ?? "no address yet"}  ${network} network${told}`;
};

async function addPod(
  plane: DataPlane,
  name: string,
  { namespace, image, node }: Values,
  args: string[],
): Promise<number> {
  const isPeer = image === "peer" && args.length === 0;
  const spec = {
    ...(node !== undefined && { nodeName: node }),
    containers: [{ name: "main", image, args: isPeer ? ["serve", "--http", "8080"] : args }],
  };
  const labels = { "app.kubernetes.io/name": name };
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name, namespace, labels }, spec };
  await withApi(plane, (api) => api.create(pod, "data-plane"));
  return say(`${namespace}/${name}: created; \`status\` shows its address once it has one`);
}

async function removePod(plane: DataPlane, name: string, { namespace }: Values): Promise<number> {
  await withApi(plane, (api) => api.send("DELETE", `/api/v1/namespaces/${namespace}/pods/${name}`));
  return say(`${namespace}/${name}: being removed`);
}

async function exec(plane: DataPlane, place: string, argv: readonly string[]): Promise<number> {
  const child = plane.spawn(whereOf(place), argv);
  child.stdout?.pipe(process.stdout);
  child.stderr?.pipe(process.stderr);
  return new Promise((resolve) => child.once("close", (code) => resolve(code ?? 1)));
}

const whereOf = (text: string): Where =>
  text === "outside" ? text : text.includes("/") ? { pod: text } : { node: text };

async function flows(plane: DataPlane, node: string | undefined, last: string): Promise<number> {
  const nodes = node === undefined ? plane.state.nodes.map(({ name }) => name) : [node];
  const seen = (await Promise.all(nodes.map((name) => plane.flows(name, Number(last))))).flat();
  for (const flow of seen.sort((a, b) => (a.time < b.time ? -1 : 1))) say(flowLine(flow));
  return 0;
}

function flowLine({
  time,
  node,
  verdict,
  dropReason,
  direction,
  from,
  to,
  protocol,
  allowedBy,
}: Flow): string {
  const end = ({ namespace, pod, address, port }: FlowEnd): string =>
    `${pod === undefined ? (address ?? "?") : `${namespace}/${pod}`}${port === undefined ? "" : `:${port}`}`;
  const why = dropReason ?? allowedBy.join(", ");
  return [
    time.slice(11, 23),
    node,
    verdict,
    direction ?? "",
    protocol,
    `${end(from)} → ${end(to)}`,
    why,
  ].join("  ");
}

/** Deletes the agents' pods: the DaemonSet makes new ones, which read the release's configuration anew. */
async function restartAgents(plane: DataPlane, node: string | undefined): Promise<number> {
  const agents = plane.state.pods.filter((pod) => pod.isAgent && (node === undefined || pod.node === node));
  if (agents.length === 0)
    throw new DataPlaneError("No agent runs: deploy a stack first, or name another node");
  await withApi(plane, (api) =>
    Promise.all(
      agents.map(({ namespace, name }) => api.send("DELETE", `/api/v1/namespaces/${namespace}/pods/${name}`)),
    ),
  );
  return say(`${agents.map((agent) => agent.name).join(", ")}: being replaced`);
}

async function withApi<T>(plane: DataPlane, use: (api: Api) => Promise<T>): Promise<T> {
  const api = new Api(accessOf(readFileSync(plane.kubeconfig, "utf8")));
  try {
    return await use(api);
  } finally {
    api.close();
  }
}

function say(text: string, code = 0): number {
  console.log(text);
  return code;
}

function wrong(): number {
  console.error(usage);
  return 2;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const readable =
      error instanceof DataPlaneError ||
      error instanceof ControlPlaneError ||
      error instanceof ToolError ||
      (error as Error).name === "ApiError" ||
      (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS") === true;
    console.error(readable ? (error as Error).message : error);
    process.exitCode = 1;
  },
);
