import { Counter, Gauge, register, type Registry } from 'prom-client';
import type { ConsumerStatus } from './consumer-status.js';

/** Registers the metrics of this process's consumer. */
export function registerKafkaGauges(consumer: ConsumerStatus, registry: Registry = register): void {
  new Gauge({
    name: 'sluice_corrupt_batches',
    help: 'Partitions that stand still before a batch whose checksum does not fit',
    labelNames: ['topic'],
    registers: [registry],
    collect() {
      for (const [topic, count] of consumer.corruptBatches()) this.set({ topic }, count);
    },
  });
  new Counter({
    name: 'sluice_log_losses_total',
    help: 'How often the log of a partition was not the one that was consumed, since this process began',
    labelNames: ['topic'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [topic, count] of consumer.logLosses()) this.inc({ topic }, count);
    },
  });
  new Gauge({
    name: 'sluice_consumer_lag',
    help: 'Records that are not done, of the partitions that this process has; measured every five seconds',
    labelNames: ['topic', 'partition'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { topic, partition, lag } of consumer.lags())
        this.set({ topic, partition: String(partition) }, lag);
    },
  });
}
