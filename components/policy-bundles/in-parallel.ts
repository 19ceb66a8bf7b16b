/** Requests under way at once: more would only wait in the API server, whose share for one user is limited. */
const atOnce = 24;

/** Does something for each item, many at once, and waits for all. When one throws, no other is begun. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  let isEnded = false;
  const worker = async (): Promise<void> => {
    try {
      for (const item of waiting) {
        if (isEnded) return;
        await work(item);
      }
    } catch (error) {
      isEnded = true;
      throw error;
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
