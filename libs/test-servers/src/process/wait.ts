import { setTimeout as sleep } from 'node:timers/promises';
import { SetupError } from '../machine/files.js';

/**
 * Repeats `attempt` until success. After `timeoutMs`, throws a SetupError with the last failure as
 * the cause.
 */
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

/** Awaits a promise not keeping Node alive, for example the end of a detached child process. */
export async function keepingAlive<T>(promise: Promise<T>): Promise<T> {
  const hold = setInterval(() => undefined, 60_000);
  try {
    return await promise;
  } finally {
    clearInterval(hold);
  }
}

/**
 * Thrown by an attempt to stop the retries, because a retry cannot help; the caller receives the
 * cause.
 */
export class NonRetryable extends Error {
  constructor(override readonly cause: Error) {
    super(cause.message);
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
