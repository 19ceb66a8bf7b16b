import { isDeepStrictEqual } from "node:util";
import type { ServiceSpec } from "./manifest.ts";

/** As far as a Service of ours says something there: all else is the API's to fill in. */
interface LiveSpec extends Partial<Omit<ServiceSpec, "type" | "clusterIP" | "ports">> {
  readonly type?: string;
  readonly clusterIP?: string;
  readonly ports?: readonly {
    readonly name?: string;
    readonly port: number;
    readonly targetPort?: number | string;
    readonly protocol?: string;
  }[];
}

/** Whether a Service leads where it is to lead. Addresses and defaults that the API gave it do not count. */
export function isSameService(live: unknown, wanted: object): boolean {
  return isDeepStrictEqual(said(live as LiveSpec | undefined), said(wanted));
}

function said({ type, clusterIP, publishNotReadyAddresses, selector, ports }: LiveSpec = {}): unknown {
  return {
    type,
    headless: clusterIP === "None",
    publishNotReadyAddresses: publishNotReadyAddresses ?? false,
    selector: { ...selector },
    ports: [...(ports ?? [])]
      .map(({ name, port, targetPort = port, protocol = "TCP" }) => ({ name, port, targetPort, protocol }))
      .sort((a, b) => a.port - b.port || (a.protocol < b.protocol ? -1 : 1)),
  };
}

/** Whether a Service has to be made anew: an address that it has, or has not, is its own for ever. */
export const isOtherForm = (live: unknown, { clusterIP }: Pick<ServiceSpec, "clusterIP">): boolean =>
  ((live as LiveSpec | undefined)?.clusterIP === "None") !== (clusterIP === "None");

/** What to write over a Service: what is wanted, and all else as the API has given it. */
export const overLive = (live: unknown, wanted: object): object => ({
  ...(live as object | undefined),
  publishNotReadyAddresses: false,
  ...wanted,
});
