import { setTimeout as sleep } from 'node:timers/promises';
import { decode, describeRefusal, type Message, type Topic } from '@sluice/messages';
import { isInfrastructureFault, type ParkedMessages, type Parking } from '@sluice/postgres';
import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import { Collector } from './collector.js';
import { divide } from './divide.js';
import type { Logger } from './logger.js';

const TRIES_ALONE = 3;
const BATCH_LIMIT = 2_000;
const RETRY_MS = { first: 100, most: 5_000 };

/** A decoded message together with where it came from, for the case that it has to be parked. */
interface Delivered {
  readonly message: Message<Topic>;
  readonly origin: Origin;
}

interface Origin {
  readonly topic: string;
  readonly partition: number;
  readonly raw: KafkaMessage;
}

/** Takes the batches of one topic: decode, hand over, split and park what is poison, and only then let the offset move. */
export class BatchConsumer {
  private readonly collector: Collector<Delivered>;

  constructor(
    private readonly topic: Topic,
    private readonly handler: (batch: readonly Message<Topic>[]) => Promise<void>,
    private readonly parked: ParkedMessages,
    private readonly logger: Logger,
  ) {
    this.collector = new Collector((batch) => this.handOver(batch), BATCH_LIMIT);
  }

  /** Returns when every message of the batch is done or parked. Keeps trying while the database is away; gives up only when the partition is no longer ours. */
  async take(payload: EachBatchPayload): Promise<boolean> {
    const { topic, partition, messages } = payload.batch;
    const delivered: Delivered[] = [];
    for (const raw of messages) {
      const origin = { topic, partition, raw };
      const decoded = decode(this.topic, { key: raw.key?.toString() ?? '', headers: headersOf(raw), value: raw.value?.toString() ?? '' });
      if (decoded.ok) delivered.push({ message: decoded.value as Message<Topic>, origin });
      else await this.whileTransient(payload, () => this.park(origin, describeRefusal(decoded.refusal)));
    }
    return this.whileTransient(payload, () => this.collector.add(delivered));
  }

  private async whileTransient(payload: EachBatchPayload, work: () => Promise<void>): Promise<boolean> {
    for (let pause = RETRY_MS.first; payload.isRunning() && !payload.isStale(); pause = Math.min(pause * 2, RETRY_MS.most)) {
      try {
        await work();
        return true;
      } catch (error) {
        this.logger.warn({ topic: this.topic.name, partition: payload.batch.partition, err: error, retryInMs: pause }, 'batch not processed, will be tried again');
        await sleep(pause);
        await payload.heartbeat();
      }
    }
    return false;
  }

  private handOver(batch: readonly Delivered[]): Promise<void> {
    return divide(batch, {
      handle: (part) => this.handler(part.map((delivered) => delivered.message)),
      isTransient: isInfrastructureFault,
      park: ({ origin }, error) => this.park(origin, describeError(error)),
      tries: TRIES_ALONE,
    });
  }

  private async park(origin: Origin, cause: string): Promise<void> {
    await this.parked.park(parkingOf(origin, cause));
    const { topic, partition, raw } = origin;
    this.logger.error({ topic, partition, offset: raw.offset, messageId: headersOf(raw)['ce_id'], cause }, 'message parked: it cannot be processed');
  }
}

function parkingOf({ topic, partition, raw }: Origin, cause: string): Parking {
  const bytes = raw.value ?? Buffer.alloc(0);
  const text = bytes.toString('utf8');
  // PostgreSQL's text can hold neither NUL nor broken UTF-8.
  const plain = !text.includes('\0') && Buffer.from(text, 'utf8').equals(bytes);
  const headers = Object.fromEntries(Object.entries(headersOf(raw)).map(([name, value]) => [name, value.replaceAll('\0', '')]));
  return {
    topic,
    partition,
    offset: raw.offset,
    key: raw.key?.toString().replaceAll('\0', '') ?? null,
    headers,
    value: plain ? text : bytes.toString('base64'),
    encoding: plain ? 'utf8' : 'base64',
    cause: cause.replaceAll('\0', ''),
  };
}

function headersOf(raw: KafkaMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(raw.headers ?? {})) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) headers[name] = first.toString();
  }
  return headers;
}

function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : JSON.stringify(error);
}
