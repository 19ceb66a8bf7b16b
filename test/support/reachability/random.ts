/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** From 0 to below `below`. */
  readonly upTo: (below: number) => number;
  /** True in so many of 100 cases. */
  readonly percent: (of100: number) => boolean;
  readonly pick: <T>(choices: readonly T[]) => T;
  /** Between `least` and `most` results of a function. */
  readonly list: <T>(least: number, most: number, make: () => T) => T[];
  /** So many of the choices at most, each once, in their order. */
  readonly some: <T>(choices: readonly T[], most: number) => T[];
}

/** Generator mulberry32: 32 bits of state, plenty for test data. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const upTo = (below: number): number => next() % below;
  const pick = <T>(choices: readonly T[]): T => choices[upTo(choices.length)] as T;
  const list = <T>(least: number, most: number, make: () => T): T[] =>
    Array.from({ length: least + upTo(most - least + 1) }, make);
  return {
    upTo,
    percent: (of100) => upTo(100) < of100,
    pick,
    list,
    some: (choices, most) => {
      const chosen = new Set(list(0, most, () => upTo(choices.length)));
      return choices.filter((_, at) => chosen.has(at));
    },
  };
}
