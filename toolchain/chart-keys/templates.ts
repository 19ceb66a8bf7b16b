/** What templates do with values, as far as it shows in their text. */
export interface TemplateUse {
  /** Dotted paths of the values that are read. */
  readonly read: ReadonlySet<string>;
  /** Those that are printed with all that is in them, whatever its keys. */
  readonly printed: ReadonlySet<string>;
}

const path = String.raw`\$?\.Values((?:\.[A-Za-z_]\w*)+)`;
/** Ways to print a whole tree; the path is the first group that matches. */
const printing = [
  `(?:toYaml|toJson|toRawJson|merge) ${path}`,
  String.raw`${path} \| (?:toYaml|toJson|toRawJson)`,
  `include "mapToString" ${path}`,
  String.raw`range \$\w+, \$\w+ := ${path}`,
  String.raw`with ${path} *-?\}\}(?:(?!\{\{-? *end)[^])*?(?:toYaml|toJson|toRawJson) \.[ )]`,
].map((pattern) => new RegExp(pattern, "g"));

/** Reads `.Values.a.b`, `hasKey .Values.a "b"`, `dig "a" "b" … .Values`, and variables that stand for a value. */
export function templateUse(templates: readonly string[]): TemplateUse {
  const read = new Set<string>();
  const printed = new Set<string>();
  for (const text of templates.map(effectiveText)) {
    const found = (pattern: string) => [...text.matchAll(new RegExp(pattern, "g"))].map((m) => m.slice(1));
    const aliases = variables(text);

    for (const [at = ""] of found(path)) read.add(keyPath(at));
    for (const [at = "", key = ""] of found(String.raw`(?:hasKey|get) \$?\.Values((?:\.\w+)*) "(\w+)"`)) {
      read.add(keyPath(`${at}.${key}`));
    }
    for (const [keys = "", at = ""] of found(
      String.raw`dig ((?:"\w+" )+)(?:""|\(list\)) \.Values((?:\.\w+)*)`,
    )) {
      read.add(keyPath(`${at}.${[...keys.matchAll(/\w+/g)].join(".")}`));
    }
    for (const [name = "", key = ""] of [
      ...found(String.raw`\$(\w+)\.(\w+)`),
      ...found(String.raw`hasKey \$(\w+) "(\w+)"`),
    ]) {
      for (const at of aliases.get(name) ?? []) read.add(`${at}.${key}`);
    }
    for (const pattern of printing) {
      for (const [, at = ""] of text.matchAll(pattern)) printed.add(keyPath(at));
    }
    for (const [name = ""] of found(String.raw`(?:toYaml|toJson|range \$\w+, \$\w+ :=) \$(\w+)`)) {
      for (const at of aliases.get(name) ?? []) printed.add(at);
    }
  }
  read.delete("");
  return { read, printed };
}

/** Variables that stand for a value, or for one of several. */
function variables(text: string): Map<string, string[]> {
  const assigned = text.matchAll(/\$(\w+) :?= \(?(?:coalesce )?((?:\$?\.Values[\w.]+ ?)+)\)?(?= *-?\}\})/g);
  return new Map(
    [...assigned].map(([, name = "", paths = ""]) => [
      name,
      [...paths.matchAll(new RegExp(path, "g"))].map(([, at = ""]) => keyPath(at)),
    ]),
  );
}

/** `.a.b` as `a.b`; empty for all values, which also go by `.AsMap`. */
const keyPath = (dotted: string): string => dotted.replace(/^\.AsMap(?=\.|$)/, "").replace(/^\./, "");

/** Without comments, and without what is read only to be refused. */
const effectiveText = (text: string): string =>
  text
    .replace(/\{\{-?\s*\/\*[^]*?\*\/\s*-?\}\}/g, "")
    .replace(/^\s*#(?!.*\{\{).*$/gm, "")
    .replace(/if hasKey [^{}]*\}\}\s*\{\{-? *fail/g, "fail");
