export interface DividePolicy<M> {
  handle(batch: readonly M[]): Promise<void>;
  /** True for faults of the surroundings: they are thrown on, since a smaller batch would fail as well. */
  isTransient(error: unknown): boolean;
  /** Called with a message that failed alone `tries` times. Must have stored it when it returns. */
  deadLetter(message: M, error: unknown): Promise<void>;
  tries: number;
}

/**
 * Hands a batch over; when that throws, again in halves, in order, until the one bad message is alone, and dead-letters that.
 * Throws only what is transient: then nothing after that point has been done, and all of it may be handed over again.
 */
export async function divide<M>(batch: readonly M[], policy: DividePolicy<M>): Promise<void> {
  if (batch.length === 0) return;
  try {
    await policy.handle(batch);
    return;
  } catch (error) {
    if (policy.isTransient(error)) throw error;
    if (batch.length === 1) return tryAlone(batch[0] as M, error, policy);
  }
  const middle = Math.ceil(batch.length / 2);
  await divide(batch.slice(0, middle), policy);
  await divide(batch.slice(middle), policy);
}

async function tryAlone<M>(message: M, first: unknown, policy: DividePolicy<M>): Promise<void> {
  let error = first;
  for (let attempt = 2; attempt <= policy.tries; attempt++) {
    try {
      await policy.handle([message]);
      return;
    } catch (again) {
      if (policy.isTransient(again)) throw again;
      error = again;
    }
  }
  await policy.deadLetter(message, error);
}
