import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Corefile,
  type Directive,
  type Line,
  parseCorefile,
  printCorefile,
  type Token,
} from "../../model/corefile/index.ts";
import { ensureTools } from "../../toolchain/index.ts";
import { scratch, start, until } from "./processes.ts";

/** The CoreDNS to try Corefiles with; CLUSTER_NETWORK_BIN may name a folder that holds one. */
export async function coreDnsProgram(): Promise<string> {
  const given = join(process.env.CLUSTER_NETWORK_BIN ?? "", "coredns");
  if (process.env.CLUSTER_NETWORK_BIN !== undefined && existsSync(given)) return given;
  return (await ensureTools({ only: ["coredns"] })).path("coredns");
}

/**
 * Starts CoreDNS with a Corefile, and stops it as soon as it has loaded.
 * @param text - must listen on loopback only, see {@link onLoopback}
 * @returns undefined when it loaded, else what CoreDNS said
 */
export async function refusalOf(program: string, text: string): Promise<string | undefined> {
  const file = join(scratch(), "Corefile");
  writeFileSync(file, text);
  const { child, output, ended } = start(program, ["-conf", file, "-dns.port", "0"]);
  const hasLoaded = (): boolean => /^CoreDNS-\d/m.test(output());
  let hasEnded = false;
  void ended.finally(() => (hasEnded = true));
  try {
    await until(() => hasLoaded() || hasEnded, "CoreDNS loads the Corefile or refuses it");
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
  return hasLoaded() ? undefined : (output().trim().split("\n").at(-1) ?? "");
}

/**
 * The same Corefile, but free of the world: any free port of 127.0.0.1 for each listener, upstreams
 * and an API server that nobody answers for. Layout and all other words stay.
 */
export function onLoopback(corefile: Corefile): string {
  const items = corefile.items.map((item) => {
    if (item.kind !== "server")
      return item.kind === "import" ? item : { ...item, lines: item.lines.flatMap(tame) };
    const keys = item.keys.map((key) => reworded(key, key.raw.replace(/(:\d+)?(,?)$/, ":0$2")));
    return { ...item, keys, lines: [...added("bind 127.0.0.1"), ...item.lines.flatMap(tame)] };
  });
  return printCorefile({ ...corefile, items });
}

function tame(line: Line): readonly Line[] {
  if (line.kind === "import") return [line];
  const [first] = line.args;
  switch (line.name.text) {
    case "bind":
      return [];
    case "health":
    case "prometheus":
    case "ready":
      return [{ ...line, args: [reworded(first ?? line.name, "127.0.0.1:0", " ")] }];
    case "forward":
      return [{ ...line, args: first ? [first, reworded(first, "127.0.0.1:1", " ")] : [] }];
    case "kubernetes":
      return [{ ...line, block: withoutApiServer(line) }];
    default:
      return [line];
  }
}

function withoutApiServer({ name, block }: Directive): Directive["block"] {
  const lines = added("endpoint http://127.0.0.1:1", "startup_timeout 10ms");
  if (block) return { ...block, lines: [...lines, ...block.lines] };
  return { open: reworded(name, "{", " "), lines, close: reworded(name, "}", "\n") };
}

function added(...texts: readonly string[]): readonly Line[] {
  const { corefile } = parseCorefile(`. {\n${texts.join("\n")}\n}`);
  const [block] = corefile?.items ?? [];
  if (block?.kind !== "server") throw new Error(`No directives: ${texts.join(", ")}`);
  return block.lines;
}

function reworded(token: Token, text: string, before = token.before): Token {
  return { ...token, text, raw: text, before };
}
