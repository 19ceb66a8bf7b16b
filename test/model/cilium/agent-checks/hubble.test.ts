import { takes, refuses } from "../../../support/agent-checks.ts";

describe("hubbleProblems()", () => {
  takes([
    ["the largest Hubble buffer", { hubble: { eventBufferCapacity: 65_535 } }],
    ["any buffer without Hubble", { hubble: { enabled: false, eventBufferCapacity: 4096 } }],
  ]);

  refuses([
    [
      "a Hubble buffer of a power of two",
      { hubble: { eventBufferCapacity: 4096 } },
      "hubble.eventBufferCapacity: Hubble event buffer 4096 is not 2^n-1 and up to 65535, and Hubble does not start with it: use 4095 or 8191",
    ],
    [
      "a Hubble buffer that is too large",
      { hubble: { eventBufferCapacity: 131_071 } },
      "hubble.eventBufferCapacity: Hubble event buffer 131071 is not 2^n-1 and up to 65535, and Hubble does not start with it: use 65535",
    ],
    [
      "no Hubble buffer",
      { hubble: { eventBufferCapacity: 0 } },
      "hubble.eventBufferCapacity: Hubble event buffer 0 is not 2^n-1 and up to 65535, and Hubble does not start with it: use 4095",
    ],
  ]);
});
