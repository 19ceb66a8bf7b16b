import assert from "node:assert/strict";
import type { V1Pod } from "@kubernetes/client-node";
import type { Values } from "../../../model/cilium/merge-values.ts";
import { addressOf, at, create, peers, until } from "../../support/data-plane.ts";
import { useSharedPlane } from "../../support/shared-plane.ts";
import { inWords, note, onePod, startStream } from "../../support/traffic.ts";

describe("a change of the declared flows", function () {
  this.timeout("3 minutes");
  const plane = useSharedPlane();
  let gateway: V1Pod, backend: V1Pod, postgres: V1Pod;

  before(async () => {
    await create(
      plane(),
      peers("change", "api-gateway", { http: 8080 }, { node: "node-1", protocol: "tcp" }),
      peers("change", "api-backend", { http: 8080 }, { node: "node-2", protocol: "tcp" }),
      peers("change", "postgres", { postgres: 5432 }, { node: "node-1", protocol: "tcp" }),
    );
    [gateway, backend, postgres] = await Promise.all([
      onePod(plane(), "change", "api-gateway"),
      onePod(plane(), "change", "api-backend"),
      onePod(plane(), "change", "postgres"),
    ]);
  });

  it("counts for new connections, and leaves an established one alone that stays declared", async function () {
    const toBackend = `tcp:${addressOf(backend)}:8080`;
    const toPostgres = `tcp:${addressOf(postgres)}:5432`;
    // A node learns of a new pod on the other one a moment after it is ready there.
    await until("the first flow to pass", 30, async () => (await outcome(gateway, toBackend)) === "open");
    await until("the second flow to pass", 30, async () => (await outcome(backend, toPostgres)) === "open");
    assert.equal(await outcome(gateway, toPostgres), "timeout");
    const stays = await startStream(plane(), at(gateway), toBackend);
    const goes = await startStream(plane(), at(backend), toPostgres);

    await plane().redeploy(gatewayToPostgres);
    await until("the new flow to pass", 20, async () => (await outcome(gateway, toPostgres)) === "open");
    await until(
      "the old flow to be dropped",
      20,
      async () => (await outcome(backend, toPostgres)) === "timeout",
    );

    const [kept, cut] = [await stays.end(), await goes.end()];
    note(this, inWords(kept));
    assert.deepEqual({ lost: kept.lost, broken: kept.broken }, { lost: 0, broken: undefined });
    assert.ok(kept.sent > 100, "it ran through the update");
    assert.ok(
      cut.lost > 0,
      "a policy is asked for each packet, so an established connection ends with its flow",
    );
  });

  async function outcome(from: V1Pod, target: string): Promise<string | undefined> {
    return (await plane().dataPlane.probe(at(from), [target]))[0]?.outcome;
  }
});

/** Postgres answers the gateway from now on, and not the backend any more. */
function gatewayToPostgres(settings: Values): Values {
  const namespaces = (settings.namespaces as Values[]).map((namespace) => {
    if (namespace.name !== "change") return namespace;
    const flows = (namespace.flows as Values[]).map((flow) =>
      flow.to === "postgres" ? { ...flow, from: "api-gateway" } : flow,
    );
    return { ...namespace, flows };
  });
  return { ...settings, namespaces };
}
