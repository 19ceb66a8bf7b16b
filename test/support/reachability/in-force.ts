import { setTimeout as sleep } from "node:timers/promises";
import { agentSocket } from "../../../sandbox/data-plane/keeper/network.ts";
import { type Plane, until } from "../data-plane.ts";

/** What is to hold at every agent before packets are worth sending. */
export interface Wanted {
  /** UIDs of the policies that are there, and of those that were. */
  readonly policies: ReadonlySet<string>;
  readonly former: ReadonlySet<string>;
  /** The labels by which Cilium knows pods, by `namespace/name`. */
  readonly identities: ReadonlyMap<string, readonly string[]>;
}

interface Endpoint {
  readonly status: {
    readonly state?: string;
    readonly "external-identifiers"?: { readonly "pod-name"?: string };
    readonly identity?: { readonly labels?: readonly string[] };
    readonly policy?: { readonly realized?: { readonly "policy-revision"?: number } };
  };
}
interface AgentState {
  readonly policy: { readonly revision: number; readonly policy: string };
  readonly endpoints: readonly Endpoint[];
}

/** Asks the agent's own API, which is at hand where Node runs; its client takes three times as long to start. */
const askAgent = `
const get = (path) => new Promise((resolve, reject) => {
  require("node:http").get({ socketPath: process.argv[1], path: "/v1/" + path }, async (response) => {
    let text = "";
    for await (const chunk of response) text += chunk;
    resolve(text);
  }).once("error", reject);
});
Promise.all([get("policy"), get("endpoint")]).then(([policy, endpoints]) =>
  console.log('{"policy":' + policy + ',"endpoints":' + endpoints + "}"));
`;

/** Waits until every agent has these policies and no former one, and has put them before its pods as they are now labelled. */
export async function inForce(plane: Plane, wanted: Wanted): Promise<void> {
  const nodes = plane.dataPlane.state.nodes.map(({ name }) => name);
  // An answer costs an agent as much as what it is asked about.
  await sleep(500);
  await until("the policies to be in force", 30, async () => {
    const agents = await Promise.all(nodes.map((node) => stateOf(plane, node)));
    const pods = agents.flatMap(({ endpoints, policy: { revision } }) =>
      endpoints.map(({ status }) => ({ status, revision })),
    );
    const known = agents.map(({ policy }) => policy.policy);
    return (
      [...wanted.policies].every((uid) => known.every((text) => text.includes(uid))) &&
      [...wanted.former].every((uid) => known.every((text) => !text.includes(uid))) &&
      [...wanted.identities].every(([name, labels]) => {
        const found = pods.find(({ status }) => status["external-identifiers"]?.["pod-name"] === name);
        const has = new Set(found?.status.identity?.labels);
        const realized = found?.status.policy?.realized?.["policy-revision"] ?? -1;
        // Whoever is another one now is known as such before the policies are looked up anew for him.
        const isSettled = found?.status.state === "ready" && realized >= found.revision;
        return isSettled && labels.every((label) => has.has(label));
      })
    );
  });
}

async function stateOf({ dataPlane }: Plane, node: string): Promise<AgentState> {
  const argv = [process.execPath, "-e", askAgent, agentSocket(node, "cilium")];
  const { stdout, stderr } = await dataPlane.exec({ node }, argv, 10);
  if (stdout === "") throw new Error(`The agent of ${node} does not answer: ${stderr}`);
  return JSON.parse(stdout) as AgentState;
}
