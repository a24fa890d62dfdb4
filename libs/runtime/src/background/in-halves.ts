interface Halving<I, O> {
  work(part: readonly I[]): Promise<readonly O[]>;
  /** True if a smaller part would fail as well: no further split. */
  isShared(error: unknown): boolean;
  /**
   * Called with a single failing item, or with a part failed by a shared fault. A thrown error ends
   * the whole run.
   */
  giveUp(part: readonly I[], error: unknown): Promise<readonly O[]> | readonly O[];
}

/**
 * Processes a batch. After a failure, processes the halves in order, until the failing item is
 * isolated.
 */
export async function inHalves<I, O>(
  batch: readonly I[],
  halving: Halving<I, O>,
): Promise<readonly O[]> {
  try {
    return await halving.work(batch);
  } catch (error) {
    if (batch.length <= 1 || halving.isShared(error)) return halving.giveUp(batch, error);
  }
  const middle = Math.ceil(batch.length / 2);
  const first = await inHalves(batch.slice(0, middle), halving);
  return [...first, ...(await inHalves(batch.slice(middle), halving))];
}
