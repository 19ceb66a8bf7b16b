/** How often a long step says that it still goes on where no timer can be shown, in milliseconds. */
const PLAIN_EVERY_MS = 30_000;

type Ending<T> = (result: T, duration: string) => string;

export interface Progress {
  /** A line that stays. */
  readonly line: (text: string) => void;
  /**
   * Shows that `title` goes on, with the seconds gone, until the work ends; then says
   * once how: "done in 5 s", or what `outcome` makes of the result.
   */
  readonly during: <T>(title: string, work: () => Promise<T>, outcome?: Ending<T>) => Promise<T>;
}

/** Progress as plain lines given to `log`, or, without one, on stderr, with a live timer on a terminal. */
export function progressTo(log?: (line: string) => void): Progress {
  if (log === undefined && process.stderr.isTTY) return liveProgress(process.stderr);
  const line = log ?? ((text: string) => process.stderr.write(`${text}\n`));
  return {
    line,
    during: (title, work, outcome) => {
      line(`${title} …`);
      return timed(title, PLAIN_EVERY_MS, line, line, work, outcome);
    },
  };
}

function liveProgress(terminal: NodeJS.WriteStream): Progress {
  const clear = "\r\u001B[2K";
  const line = (text: string) => terminal.write(`${clear}${text}\n`);
  const show = (text: string) => {
    // A line longer than the terminal wraps, and then cannot be rewritten in place.
    const width = terminal.columns || 80;
    terminal.write(clear + (text.length < width ? text : `${text.slice(0, width - 2)}…`));
  };
  return {
    line,
    during: (title, work, outcome) => {
      show(`${title} …`);
      return timed(title, 1000, show, line, work, outcome);
    },
  };
}

async function timed<T>(
  title: string,
  everyMs: number,
  show: (text: string) => void,
  end: (text: string) => void,
  work: () => Promise<T>,
  outcome: Ending<T> = (_, duration) => `done in ${duration}`,
): Promise<T> {
  const begun = Date.now();
  const seconds = () => `${Math.round((Date.now() - begun) / 1000)} s`;
  const timer = setInterval(() => show(`${title} … ${seconds()}`), everyMs);
  try {
    const result = await work();
    end(`${title}: ${outcome(result, seconds())}`);
    return result;
  } catch (error) {
    end(`${title}: failed after ${seconds()}`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** A duration as people estimate it: "20 s", "3 min". */
export function roughly(seconds: number): string {
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
