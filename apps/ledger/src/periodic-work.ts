import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@sluice/service-shell';

export interface PeriodicWork {
  readonly name: string;
  readonly pauseMs: number;
  /** Not at once after the start, when there is more urgent work. */
  readonly pauseFirst?: boolean;
  /** Answers whether there is more to do at once. */
  readonly work: () => Promise<boolean>;
}

/** Does work again and again until the answered function is called, which waits for what is under way. A failure is logged and tried again after a rest. */
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
    if (pauseFirst) await rest();
    while (!stopping.signal.aborted) {
      const more = await work().catch((error: unknown) => {
        logger.warn({ err: error, worker: name }, 'a worker step failed and will be repeated');
        return false;
      });
      if (!more) await rest();
    }
  }

  function rest(): Promise<void> {
    return sleep(pauseMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
  }
}
