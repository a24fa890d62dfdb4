import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, register, type Registry } from 'prom-client';
import type { PartitionLag } from '@sluice/kafka';
import type { NewDeadLetter } from '@sluice/postgres';

/** Histogram buckets (s), from a cached read to the longest wait of a client. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const durations = new Histogram({
  name: 'sluice_http_request_duration_seconds',
  help: 'From the first byte of a request to the last of its answer',
  labelNames: ['method', 'route', 'status'],
  buckets: SECONDS,
});

/** By route, not path: ids must not become labels. Requests without a route share one. */
export function measureRequests(fastify: FastifyInstance): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const labels = { method: request.method, route, status: String(reply.statusCode) };
    durations.observe(labels, reply.elapsedTime / 1_000);
    done();
  });
}

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
        this.set({ topic, partition: String(partition) }, lag ?? 0);
    },
  });
}

export interface ConsumerStatus {
  /** Reasons why consumption is currently unreliable; empty if healthy. */
  faults(): readonly string[];
  /** Has each consumed topic. */
  corruptBatches(): ReadonlyMap<string, number>;
  logLosses(): ReadonlyMap<string, number>;
  /** Processes a dead letter. Returns null, or the reason why the letter cannot be processed. */
  replay(letter: NewDeadLetter): Promise<string | null>;
  lags(): readonly PartitionLag[];
}

/** Status of a service without Kafka. */
export const CONSUMES_NOTHING: ConsumerStatus = {
  faults: () => [],
  corruptBatches: () => new Map(),
  logLosses: () => new Map(),
  replay: () => Promise.resolve('This service reads no topic'),
  lags: () => [],
};
