import assert from "node:assert/strict";
import { parseCorefile } from "../../../model/corefile/index.ts";
import { formatProblem } from "../../../model/problem.ts";

describe("layoutProblems()", () => {
  const vectors: readonly [what: string, text: string, problem: string][] = [
    [
      "refuses health on one line",
      ".:53 {\n    health { lameduck 5s }\n}\n",
      'Corefile:2:26: The block of health closes on the line of lameduck, so CoreDNS reads "5s }" as the arguments of lameduck and does not load: write lameduck 5s and } on a line each',
    ],
    [
      "refuses a closing brace behind the last option",
      ". {\n cache {\n  success 100\n  keepttl }\n}",
      'Corefile:4:11: The block of cache closes on the line of keepttl, so CoreDNS reads "}" as the arguments of keepttl and does not load: write keepttl and } on a line each',
    ],
    [
      "warns of an option that takes the brace for a zone",
      ". {\n kubernetes cluster.local { fallthrough }\n}",
      'Corefile:2:41: The block of kubernetes closes on the line of fallthrough, so CoreDNS reads "}" as the arguments of fallthrough: write fallthrough and } on a line each',
    ],
    [
      "takes {} for the word that it is",
      ". {\n health {}\n}",
      "Corefile:2:9: CoreDNS takes {} for a word, not for an empty block: leave it out, or put a blank between the braces",
    ],
    [
      "finds an opening brace without a blank before it",
      ".:53{\n errors\n}",
      "Corefile:1:1: CoreDNS reads .:53{ as one word, and its { neither opens nor closes a block: put a blank before it: .:53 {",
    ],
    [
      "finds a brace on the next line of its plugin",
      ". {\n hosts a\n {\n  ttl 5\n }\n}",
      "Corefile:3:2: The block of hosts opens on another line, where CoreDNS takes { for a second hosts: put { at the end of the line of hosts",
    ],
    [
      "finds a closing brace too many",
      ". {\n}\n}\n",
      "Corefile:3:1: } closes nothing here, and CoreDNS takes it for the name of a zone: remove it, or find the { that it belongs to",
    ],
  ];
  for (const [what, text, problem] of vectors) {
    it(what, () => {
      const { corefile, problems } = parseCorefile(text);
      assert.deepEqual(problems.map(formatProblem), [problem]);
      assert.ok(corefile, "the text is still readable");
    });
  }

  it("leaves quoted braces, variables and templates alone", () =>
    assert.deepEqual(
      parseCorefile('. {\n log "a}"\n log {$A}\n log a{2}\n log {{ .Name }}\n log "{}"\n}').problems,
      [],
    ));

  it("lists problems in the order of the text", () =>
    assert.deepEqual(
      parseCorefile(". {\n log {}\n health { lameduck 5s }\n errors {}\n}").problems.map(({ path }) => path),
      ["Corefile:2:6", "Corefile:3:23", "Corefile:4:9"],
    ));
});
