/** One thing that is wrong, said so that the reader can mend it. */
export interface Problem {
  /** Where: a settings key (`cluster.nodes`), a file position (`Corefile:3:5`) or an object. */
  readonly path: string;
  /** What is wrong, with the value that was given. Capital first letter, no final period. */
  readonly message: string;
  /** What to do about it. Lower case, no final period. */
  readonly remedy: string;
}

/** One line per problem: `path: Message: remedy`. */
export function formatProblem(problem: Problem): string {
  const where = problem.path === "" ? "" : `${problem.path}: `;
  return `${where}${problem.message}: ${problem.remedy}`;
}
