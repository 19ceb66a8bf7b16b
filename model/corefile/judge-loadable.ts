import { didYouMean } from "../did-you-mean.ts";
import type { Problem } from "../problem.ts";
import { readCache } from "./cache.ts";
import { serverName } from "./cost.ts";
import { expandCorefile, type Judgement, type Server } from "./expand.ts";
import { hasVariable, readKey, servedBy } from "./keys.ts";
import { layoutProblems } from "./layout-problems.ts";
import { inTextOrder, place } from "./place.ts";
import {
  type CoreDnsVersion,
  droppedOptions,
  droppedPlugins,
  isAtLeast,
  oncePerServer,
  optionsSince,
  parseCoreDnsVersion,
  pluginsSince,
} from "./plugins.ts";
import type { Corefile, Directive, Token } from "./types.ts";

export interface LoadableOptions {
  /** Version of the CoreDNS that shall load it, or its image tag, such as `v1.11.1`. Default: 1.15. */
  readonly version?: string | undefined;
}

/**
 * Judges whether CoreDNS loads a Corefile: layout, zones that two blocks serve, names of plugins and
 * of the options of those the tuned Corefile uses, plugins that stand in a block twice, and what the
 * cache plugin refuses. Arguments of other plugins are not looked at.
 */
export function judgeLoadable(corefile: Corefile, { version }: LoadableOptions = {}): Judgement {
  const { servers, problems, unknowns } = expandCorefile(corefile);
  const judge = new LoadableJudge(
    corefile.file,
    version === undefined ? undefined : parseCoreDnsVersion(version),
  );
  for (const server of servers) judge.server(server);
  judge.overlaps(servers);
  return {
    problems: inTextOrder([...layoutProblems(corefile), ...problems, ...judge.problems]),
    unknowns: inTextOrder([...unknowns, ...judge.unknowns]),
  };
}

class LoadableJudge {
  readonly problems: Problem[] = [];
  readonly unknowns: Problem[] = [];
  private readonly file: string;
  private readonly version: CoreDnsVersion | undefined;

  constructor(file: string, version: CoreDnsVersion | undefined) {
    this.file = file;
    this.version = version;
  }

  server(server: Server): void {
    for (const key of server.keys) this.key(key);
    const seen = new Map<string, Directive>();
    for (const directive of server.directives) {
      this.plugin(directive, server);
      const { name } = directive;
      const first = seen.get(name.text);
      if (first && oncePerServer.has(name.text)) {
        this.problem(
          name,
          `${name.text} stands in server block ${serverName(server)} twice, first at line ${first.name.at.line}`,
          "merge the two: CoreDNS takes it once per block",
        );
      }
      seen.set(name.text, first ?? directive);
    }
  }

  /** Two blocks may share a zone and port only on different addresses, or behind a view. */
  overlaps(servers: readonly Server[]): void {
    const served = new Map<string, { readonly token: Token; readonly addresses: readonly string[] }[]>();
    for (const server of servers) {
      if (server.directives.some(({ name }) => name.text === "view")) continue;
      const addresses = boundAddresses(server);
      for (const token of server.keys) {
        for (const name of servedBy(token.text)) {
          const others = served.get(name) ?? [];
          const other = others.find((each) => overlap(each.addresses, addresses));
          if (other) {
            this.problem(
              token,
              `${token.text.replace(/,$/, "")} is served a second time, first at line ${other.token.at.line} (${name})`,
              "merge the two blocks: CoreDNS serves each zone and port once",
            );
          }
          served.set(name, [...others, { token, addresses }]);
        }
      }
    }
  }

  private key(token: Token): void {
    if (hasVariable(token.text)) this.hidden(token, "Zone");
    const { wrong } = readKey(token.text);
    if (wrong !== undefined && !/^[{}]/.test(token.text)) {
      this.problem(token, `${token.text} is no zone: ${wrong}`, "write a zone, such as example.org or .:53");
    }
  }

  private plugin(directive: Directive, { keys }: Server): void {
    const { name } = directive;
    if (hasVariable(name.text)) {
      this.hidden(name, "Plugin");
      return;
    }
    if (!pluginsSince.has(name.text)) {
      this.unknownPlugin(name, keys);
      return;
    }
    this.since(name, `plugin ${name.text}`, pluginsSince.get(name.text));
    if (name.text === "cache") {
      const { problems, unknowns } = readCache(directive, this.file);
      this.problems.push(...problems);
      this.unknowns.push(...unknowns);
    }
    for (const line of directive.block?.lines ?? []) {
      if (line.kind === "directive") this.option(name.text, line.name);
    }
  }

  private unknownPlugin(name: Token, keys: readonly Token[]): void {
    const dropped = droppedPlugins.get(name.text);
    if (dropped) {
      if (this.version && !isAtLeast(this.version, dropped.in)) return;
      this.problem(name, `CoreDNS has had no plugin ${name.text} since ${dropped.in}`, dropped.instead);
      return;
    }
    // Without braces around it, the next block's zone is read as a plugin.
    const isZone = /[.:]/.test(name.text) && !name.text.startsWith("/");
    this.problem(
      name,
      `CoreDNS has no plugin ${name.text}`,
      isZone
        ? `close the block of ${serverName({ keys })} before ${name.text}: with more than one block, each needs braces`
        : didYouMean(name.text, [...pluginsSince.keys()]),
    );
  }

  private option(plugin: string, name: Token): void {
    const options = optionsSince.get(plugin);
    if (!options || hasVariable(name.text) || name.text === "}") return;
    const dropped = droppedOptions.get(`${plugin} ${name.text}`);
    if (dropped) {
      if (this.version && !isAtLeast(this.version, dropped.in)) return;
      this.problem(
        name,
        `${plugin} has had no option ${name.text} since CoreDNS ${dropped.in}`,
        dropped.instead,
      );
    } else if (!Object.hasOwn(options, name.text)) {
      this.problem(name, `${plugin} has no option ${name.text}`, didYouMean(name.text, Object.keys(options)));
    } else {
      this.since(name, `option ${name.text} of ${plugin}`, options[name.text]);
    }
  }

  private since(token: Token, what: string, since: string | undefined): void {
    if (since === undefined || !this.version || isAtLeast(this.version, since)) return;
    this.problem(
      token,
      `CoreDNS ${this.version.join(".")} has no ${what}, which came with ${since}`,
      "remove it, or upgrade CoreDNS",
    );
  }

  private hidden(token: Token, what: string): void {
    this.unknowns.push({
      path: place(this.file, token.at),
      message: `${what} ${token.text} comes from the environment of CoreDNS`,
      remedy: "write its name, so that it can be judged",
    });
  }

  private problem(token: Token, message: string, remedy: string): void {
    this.problems.push({ path: place(this.file, token.at), message, remedy });
  }
}

/** Addresses of `bind`, none for all. Names of interfaces count as addresses of their own. */
function boundAddresses({ directives }: Server): string[] {
  return directives.flatMap(({ name, args }) => (name.text === "bind" ? args.map(({ text }) => text) : []));
}

function overlap(a: readonly string[], b: readonly string[]): boolean {
  return a.length === 0 || b.length === 0 || a.some((address) => b.includes(address));
}
