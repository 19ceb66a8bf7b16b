/** Where a token starts: line and column from 1; columns count UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * One word of a Corefile. A word carries the text before it, so that comments, blank lines and
 * indentation belong to the tree, and printing an unchanged tree gives back the file byte for byte.
 */
export interface Token {
  /** What CoreDNS reads: without quotes; `{$VARIABLES}` as they stand. */
  readonly text: string;
  /** As written, quotes included. */
  readonly raw: string;
  /** Blanks, line ends and comments since the word before. */
  readonly before: string;
  readonly at: Position;
}

/** `{ … }` after a directive: the plugin's options. */
export interface Block {
  readonly open: Token;
  readonly lines: readonly Line[];
  readonly close: Token;
}

/** A plugin with its arguments, or within a plugin's block one of its options. */
export interface Directive {
  readonly kind: "directive";
  readonly name: Token;
  readonly args: readonly Token[];
  readonly block?: Block | undefined;
}

/** `import NAME`: the lines of a snippet, or of files that only CoreDNS sees. */
export interface Import {
  readonly kind: "import";
  readonly keyword: Token;
  readonly target: Token;
}

export type Line = Directive | Import;

/** A server: zones with optional scheme and port, and the plugins that answer for them. */
export interface ServerBlock {
  readonly kind: "server";
  /** As written, a trailing comma included; {@link readKey} says what they mean. */
  readonly keys: readonly Token[];
  /** Absent in a file whose single server block has no braces. */
  readonly open?: Token | undefined;
  readonly lines: readonly Line[];
  readonly close?: Token | undefined;
}

/** `(name) { … }`: lines for `import name` further down. */
export interface Snippet {
  readonly kind: "snippet";
  readonly name: string;
  readonly key: Token;
  readonly open: Token;
  readonly lines: readonly Line[];
  readonly close: Token;
}

export type Item = ServerBlock | Snippet | Import;

/** A whole Corefile. */
export interface Corefile {
  /** Name for messages, such as `Corefile` or `kube-system/coredns`. */
  readonly file: string;
  readonly items: readonly Item[];
  /** Text after the last word. */
  readonly after: string;
}
