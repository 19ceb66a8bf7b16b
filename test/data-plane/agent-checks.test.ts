import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { totalmem } from "node:os";
import { parse } from "yaml";
import { agentProblems, agentWarnings } from "../../model/cilium/agent-checks/index.ts";
import { mergeValues, type Values } from "../../model/cilium/merge-values.ts";
import { wantedRelease } from "../../model/cilium/release.ts";
import { formatProblem } from "../../model/problem.ts";
import { type Settings, settingsSchema } from "../../model/settings.ts";
import { ensureTools } from "../../toolchain/index.ts";
import { agentVerdict, releasedConfig, renderedConfig } from "../support/agent-verdict.ts";
import { deployDev, useDataPlane } from "../support/data-plane.ts";
import { skipAllWithout } from "../support/machine.ts";
import { liveCluster } from "../support/live.ts";

/** The configuration in a stack file of this checkout. */
function stackConfig(stack: string): Values {
  const { config } = parse(readFileSync(`Pulumi.${stack}.yaml`, "utf8")) as { config: Values };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.slice(key.indexOf(":") + 1), value]),
  );
}

interface Case {
  readonly values: Values;
  /** Key that the model names, and what the agent says; undefined where both are to take the values. */
  readonly refused?: { readonly at: string; readonly agentSays: RegExp };
  /** Key that the model warns of. */
  readonly warnedAt?: string;
}

/** An agent needs seconds to be healthy, so those that both take come several at a time. */
const cases: Readonly<Record<string, Case>> = {
  "as many translations as connections, a policy map that the agent makes smaller, and native routing with its range":
    {
      values: {
        bpf: { ctTcpMax: 131_072, ctAnyMax: 65_536, natMax: 196_608, policyMapMax: 100_000 },
        routingMode: "native",
        ipv4NativeRoutingCIDR: "10.244.0.0/16",
        autoDirectNodeRoutes: true,
      },
      warnedAt: "bpf.policyMapMax",
    },
  "more translations than connections": {
    values: { bpf: { ctTcpMax: 131_072, ctAnyMax: 65_536, natMax: 196_609 } },
    refused: {
      at: "bpf.natMax",
      agentSays: /NAT tables size 196609 must not exceed maximum CT table size 196608/,
    },
  },
  "the agent's own number of translations, more than connections, and kube-proxy with all that masquerading by eBPF needs":
    {
      values: {
        bpf: { ctTcpMax: 131_072, ctAnyMax: 65_536, natMax: 524_288 },
        kubeProxyReplacement: false,
        nodePort: { enabled: true },
        socketLB: { enabled: true },
      },
      warnedAt: "bpf.natMax",
    },
  "a connection tracking map that is too small": {
    values: { bpf: { ctTcpMax: 1023 } },
    refused: { at: "bpf.ctTcpMax", agentSays: /CT tables values 1023\/\d+ must exceed minimum 1024/ },
  },
  "a policy map that is too small": {
    values: { bpf: { policyMapMax: 255 } },
    refused: { at: "bpf.policyMapMax", agentSays: /PolicyMap max entries 255 must exceed minimum 256/ },
  },
  "more than the node's memory for maps": {
    values: { bpf: { mapDynamicSizeRatio: 1.5 } },
    refused: { at: "bpf.mapDynamicSizeRatio", agentSays: /dynamic map size ratio 1.5\d* must be ≤ 1.0/ },
  },
  "a Hubble buffer of a power of two": {
    values: { hubble: { eventBufferCapacity: 4096 } },
    refused: {
      at: "hubble.eventBufferCapacity",
      agentSays: /must be one less than an integer power of two: 4096/,
    },
  },
  "masquerading by eBPF without node ports by eBPF": {
    values: { kubeProxyReplacement: false },
    refused: { at: "kubeProxyReplacement", agentSays: /BPF masquerade requires NodePort/ },
  },
  "masquerading by eBPF in tunnels, without load balancing at sockets": {
    values: { kubeProxyReplacement: false, nodePort: { enabled: true } },
    refused: { at: "kubeProxyReplacement", agentSays: /BPF masquerade requires socket-LB/ },
  },
  "native routing without its range": {
    values: { routingMode: "native" },
    refused: { at: "ipv4NativeRoutingCIDR", agentSays: /native routing cidr must be configured/ },
  },
  "direct routes in tunnels": {
    values: { autoDirectNodeRoutes: true },
    refused: { at: "autoDirectNodeRoutes", agentSays: /cannot be used with tunneling/ },
  },
  "a tunnel protocol of former charts": {
    values: { tunnelProtocol: "disabled" },
    refused: { at: "tunnelProtocol", agentSays: /invalid tunnel protocol "disabled"/ },
  },
  "direct return in a VXLAN": {
    values: { loadBalancer: { mode: "dsr" } },
    refused: { at: "loadBalancer.mode", agentSays: /"dsr" mode cannot be used with vxlan tunneling/ },
  },
};

describe("the agent's own checks at its start", function () {
  this.timeout("3 minutes");
  const plane = useDataPlane(1);
  let helm: string;
  before(async function () {
    skipAllWithout(this, 1);
    this.timeout("90 minutes");
    helm = (await ensureTools({ only: ["helm"] })).path("helm");
  });

  /** What the stack dev is told: of this data plane, of nodes such as this machine, and the values. */
  const told = (values: Values): Values => ({
    cluster: { ...(plane().here.cluster as Values), node: { memory: `${totalmem() / 1024}KiB` } },
    cilium: { ...(plane().here.cilium as Values), values },
  });
  /** The stack's settings, before any rule across keys has looked at them. */
  const settingsWith = (values: Values): Settings =>
    settingsSchema.parse(mergeValues(stackConfig("dev"), told(values)));
  const rendered = (settings: Settings) =>
    renderedConfig(plane(), helm, wantedRelease(settings, liveCluster()).values);

  it("pass what the engine releases, a million of connections too", async () => {
    const values = { bpf: { ctTcpMax: 1_048_576 } };
    await deployDev(plane(), told(values));
    const released = await releasedConfig(plane());
    assert.equal(released["bpf-ct-global-tcp-max"], "1048576");
    assert.deepEqual(released, await rendered(settingsWith(values)));
  });

  for (const [what, { values, refused, warnedAt }] of Object.entries(cases)) {
    it(`${refused ? "refuse" : "pass"} ${what}, as the model does`, async () => {
      const settings = settingsWith(values);
      const [problems, warnings] = [agentProblems(settings), agentWarnings(settings)];
      const { isHealthy, says } = await agentVerdict(plane(), await rendered(settings));
      assert.equal(isHealthy, problems.length === 0, [says, ...problems.map(formatProblem)].join("\n"));
      assert.deepEqual(
        problems.map(({ path }) => path),
        refused ? [`cilium.values.${refused.at}`] : [],
      );
      if (refused) assert.match(says, refused.agentSays);
      assert.deepEqual(
        warnings.map(({ path }) => path),
        warnedAt === undefined ? [] : [`cilium.values.${warnedAt}`],
      );
    });
  }

  it("size the connection tracking maps by the node's memory, as the model does", async () => {
    const settings = settingsWith({ bpf: { natMax: "16000000" } });
    const [problem] = agentProblems(settings);
    const { says } = await agentVerdict(plane(), await rendered(settings));
    const [, tracked] = /must not exceed maximum CT table size (\d+)/.exec(says) ?? [];
    assert.equal(problem?.remedy, `use at most ${tracked}, or raise bpf.ctTcpMax and bpf.ctAnyMax`);
  });
});
