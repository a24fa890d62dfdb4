import { Counter, Gauge, Histogram, register, type Registry } from 'prom-client';
import type { ConsumerStatus } from './consumer-status.js';
import { SECONDS } from './http-metrics.js';

const batchMessages = new Histogram({
  name: 'sluice_consumer_batch_messages',
  help: 'How many messages a handler was given at once',
  labelNames: ['topic'],
  buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_000],
});
const batchSeconds = new Histogram({
  name: 'sluice_consumer_batch_duration_seconds',
  help: 'Duration of a handler for one batch',
  labelNames: ['topic'],
  buckets: SECONDS,
});

/** Records the metrics of a batch; called by the consumer after the handler. */
export function countBatch(topic: string, messages: number, tookMs: number): void {
  batchMessages.observe({ topic }, messages);
  batchSeconds.observe({ topic }, tookMs / 1_000);
}

/** Registers the metrics of this process's consumer. */
export function registerKafkaGauges(consumer: ConsumerStatus, registry: Registry = register): void {
  new Gauge({
    name: 'sluice_corrupt_batches',
    help: 'Partitions stopped before a batch with a wrong checksum',
    labelNames: ['topic'],
    registers: [registry],
    collect() {
      for (const [topic, count] of consumer.corruptBatches()) this.set({ topic }, count);
    },
  });
  new Counter({
    name: 'sluice_log_losses_total',
    help: 'Number of times the log of a partition differed from the consumed log, since the process started',
    labelNames: ['topic'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [topic, count] of consumer.logLosses()) this.inc({ topic }, count);
    },
  });
  new Gauge({
    name: 'sluice_consumer_lag',
    help: 'Records that are not done, of the partitions that this process has; measured every ten seconds',
    labelNames: ['topic', 'partition'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { topic, partition, lag } of consumer.lags())
        this.set({ topic, partition: String(partition) }, lag);
    },
  });
}
