import type { NewDeadLetter } from '@sluice/postgres';

/** State of this process's consumer, for the admin API and the metrics. */
export interface ConsumerStatus {
  corruptBatches(): ReadonlyMap<string, number>;
  logLosses(): ReadonlyMap<string, number>;
  /** Processes a dead letter. Returns null, or the reason why the letter cannot be processed. */
  replay(letter: NewDeadLetter): Promise<string | null>;
  lags(): readonly { readonly topic: string; readonly partition: number; readonly lag: number }[];
}

/** Status of a service without Kafka. */
export const CONSUMES_NOTHING: ConsumerStatus = {
  corruptBatches: () => new Map(),
  logLosses: () => new Map(),
  replay: () => Promise.resolve('This service reads no topic'),
  lags: () => [],
};
