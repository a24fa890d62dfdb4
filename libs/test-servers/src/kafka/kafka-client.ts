import { patchKafkajsClock } from '@sluice/clock';
import { Kafka, logLevel } from 'kafkajs';

/** A quiet client: while a broker comes up, failed attempts are expected and repeated by the caller. */
export function kafkaClient(brokers: readonly string[], clientId = 'sluice-stack'): Kafka {
  patchKafkajsClock();
  return new Kafka({
    clientId,
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2_000,
    requestTimeout: 10_000,
    retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 5 },
  });
}
