import { setTimeout as sleep } from 'node:timers/promises';
import { SetupError } from '../setup-error.js';

/** Repeats `attempt` until it does not throw; after `timeoutMs` throws a SetupError with the last failure as its cause. */
export async function until<T>(
  what: string,
  attempt: () => Promise<T>,
  timeoutMs: number,
  pauseMs = 50,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof NonRetryable) throw error.cause;
      if (Date.now() > deadline)
        throw new SetupError(`${what} within ${timeoutMs / 1000} s: ${reason(error)}`, {
          cause: error,
        });
    }
    await sleep(pauseMs);
  }
}

/** Awaits something that does not keep Node alive by itself, such as the end of a child that was let go. */
export async function keepingAlive<T>(promise: Promise<T>): Promise<T> {
  const hold = setInterval(() => undefined, 60_000);
  try {
    return await promise;
  } finally {
    clearInterval(hold);
  }
}

/** Thrown inside an attempt to say that trying again cannot help; its cause is thrown on. */
export class NonRetryable extends Error {
  constructor(override readonly cause: Error) {
    super(cause.message);
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
