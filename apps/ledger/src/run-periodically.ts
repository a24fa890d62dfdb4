import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@sluice/service-shell';

export interface PeriodicWork {
  readonly name: string;
  readonly pauseMs: number;
  /** Whether the first run waits for a pause too, because other work is more urgent at the start. */
  readonly pauseFirst?: boolean;
  /** Answers whether there is more to do at once. */
  readonly work: () => Promise<boolean>;
}

/** Runs work again and again, with a pause where there was nothing more to do, until the answered function is called, which waits for the run in progress. A failure is logged; the next run follows after a pause. */
export function runPeriodically(
  { name, pauseMs, pauseFirst = false, work }: PeriodicWork,
  logger: Pick<Logger, 'warn'>,
): () => Promise<void> {
  const stopping = new AbortController();
  const running = run();
  return () => {
    stopping.abort();
    return running;
  };

  async function run(): Promise<void> {
    if (pauseFirst) await pause();
    while (!stopping.signal.aborted) {
      const more = await work().catch((error: unknown) => {
        logger.warn({ err: error, worker: name }, 'a worker step failed and will be repeated');
        return false;
      });
      if (!more) await pause();
    }
  }

  function pause(): Promise<void> {
    return sleep(pauseMs, undefined, { signal: stopping.signal, ref: false }).catch(
      () => undefined,
    );
  }
}
