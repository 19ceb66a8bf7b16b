import assert from "node:assert/strict";
import fc from "fast-check";
import { lastLine, tokenize } from "../../../model/corefile/lexer.ts";
import { anyText } from "../../support/corefiles.ts";

const texts = (source: string): string[] => tokenize(source).tokens.map(({ text }) => text);

describe("tokenize()", () => {
  const vectors: readonly [what: string, source: string, words: readonly string[]][] = [
    ["splits on blanks and line ends", "a  b\tc\nd\r\ne", ["a", "b", "c", "d", "e"]],
    ["takes every blank of Unicode for one", "a\u00a0b\u2003c\u0085d\u3000e", ["a", "b", "c", "d", "e"]],
    ["skips a byte order mark at the start only", "\ufeffa \ufeffb", ["a", "\ufeffb"]],
    ["reads a quoted word with blanks and line ends", '"a b\nc" d', ["a b\nc", "d"]],
    ["unescapes quotes and nothing else", String.raw`"a\"b\n\\c"`, [String.raw`a"b\n\\c`]],
    ["keeps an empty quoted word", '"" a', ["", "a"]],
    ["takes a quote within a word as it is", 'a"b c"', ['a"b', 'c"']],
    ["splits right behind a closing quote", '"a"b', ["a", "b"]],
    ["skips a comment up to the end of the line", "a # b {\nc", ["a", "c"]],
    ["reads # within quotes", '"a # b"', ["a # b"]],
    ["ends a comment that is glued to a word at the next blank", "a#b c", ["a", "c"]],
    ["skips carriage returns, which split nothing", "a\rb", ["ab"]],
    ["leaves variables as they stand", "{$A}:53 {%B%}", ["{$A}:53", "{%B%}"]],
    ["finds nothing in nothing", " \n# only this", []],
  ];
  for (const [what, source, words] of vectors) {
    it(what, () => assert.deepEqual(texts(source), words));
  }

  it("counts lines and columns from 1", () => {
    const { tokens } = tokenize('.:53 {\n\tlog "a\nb" c\n}');
    assert.deepEqual(
      tokens.map(({ text, at }) => [text, at.line, at.column]),
      [
        [".:53", 1, 1],
        ["{", 1, 6],
        ["log", 2, 2],
        ["a\nb", 2, 6],
        ["c", 3, 4],
        ["}", 4, 1],
      ],
    );
    assert.deepEqual(tokens.map(lastLine), [1, 1, 2, 3, 3, 4]);
  });

  it("says where a quote opens that is never closed", () => {
    assert.deepEqual(tokenize('a\n "b\nc').unclosedQuote, { line: 2, column: 2 });
    assert.deepEqual(tokenize('a "').unclosedQuote, { line: 1, column: 3 });
  });

  it("loses no character", () =>
    fc.assert(
      fc.property(
        fc.oneof(
          anyText,
          fc
            .array(fc.constantFrom("a", "{", "}", '"', "\\", "#", " ", "\n", "\r", ","))
            .map((all) => all.join("")),
        ),
        (source) => {
          const { tokens, after } = tokenize(source);
          assert.equal(tokens.map(({ before, raw }) => before + raw).join("") + after, source);
        },
      ),
      { numRuns: 500 },
    ));
});
