import type { NewDeadLetter } from '@sluice/postgres';

/** What the admin API and the metrics ask of this process's consumer. */
export interface ConsumerStatus {
  corruptBatches(): ReadonlyMap<string, number>;
  logLosses(): ReadonlyMap<string, number>;
  /** Processes a dead letter; answers why it cannot be processed, or null. */
  replay(letter: NewDeadLetter): Promise<string | null>;
  lags(): readonly { readonly topic: string; readonly partition: number; readonly lag: number }[];
}

/** Of a service without Kafka. */
export const CONSUMES_NOTHING: ConsumerStatus = {
  corruptBatches: () => new Map(),
  logLosses: () => new Map(),
  replay: () => Promise.resolve('This service reads no topic'),
  lags: () => [],
};
