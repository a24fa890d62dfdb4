export interface Halving<I, O> {
  work(part: readonly I[]): Promise<readonly O[]>;
  /** Whether a smaller part would fail as well, so that cutting is in vain. */
  isShared(error: unknown): boolean;
  /** Called with one item, or with a part that failed by a shared fault. Throws to end the whole. */
  giveUp(part: readonly I[], error: unknown): Promise<readonly O[]> | readonly O[];
}

/** Works on a batch; when that throws, on its halves, in order, until what fails is alone. */
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
