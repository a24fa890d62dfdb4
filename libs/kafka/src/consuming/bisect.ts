import { inHalves } from '@sluice/runtime';

interface BisectPolicy<M> {
  handle(batch: readonly M[]): Promise<void>;
  /** True for infrastructure faults: they are rethrown, since a smaller batch would fail as well. */
  isTransient(error: unknown): boolean;
  /** Called after `attempts` failures alone; resolves only after the message is stored. */
  deadLetter(message: M, error: unknown): Promise<void>;
  attempts: number;
}

/**
 * Handles a batch, and after an error its halves in order, until the bad message is dead-lettered.
 * Throws transient faults only: no message after the fault was handled, and the whole batch may be
 * handled again.
 */
export async function bisect<M>(batch: readonly M[], policy: BisectPolicy<M>): Promise<void> {
  if (batch.length === 0) return;
  await inHalves<M, never>(batch, {
    work: (part) => policy.handle(part).then(() => []),
    isShared: (error) => policy.isTransient(error),
    giveUp: async ([message], error) => {
      if (policy.isTransient(error)) throw error;
      await tryAlone(message as M, error, policy);
      return [];
    },
  });
}

async function tryAlone<M>(message: M, first: unknown, policy: BisectPolicy<M>): Promise<void> {
  let error = first;
  for (let attempt = 2; attempt <= policy.attempts; attempt++) {
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

/**
 * Rejects messages of a batch, each with a cause: they are dead-lettered at once, without
 * bisecting.
 */
export class RefusedMessages extends Error {
  /** @param causes By message id; not empty. */
  constructor(readonly causes: ReadonlyMap<string, string>) {
    super([...causes.values()][0]);
    this.name = 'RefusedMessages';
  }
}
