import { isUtf8 } from 'node:buffer';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { Batcher, type Logger, monotonicMs } from '@sluice/runtime';
import { decode, describeRefusal, type Message, type Topic } from '@sluice/messages';
import { isInfrastructureFault, type DeadLetters, type NewDeadLetter } from '@sluice/postgres';
import { ok, refuse, type Result } from '@sluice/kernel';
import { bisect, RefusedMessages } from './bisect.js';
import { inProcessSpans } from '../port/spans.js';
import type { BrokenBatch, FetchedBatch, FetchedRecord } from '../port/record-log.js';

/** Attempts for a message failing alone before the message is dead-lettered. */
const ATTEMPTS_ALONE = 3;
const BATCH_LIMIT = 2_000;
/** Longest decoding time per event-loop turn (ms): clients wait on the same process. */
const STRETCH_MS = 10;
const RETRY_MS = { first: 100, max: 5_000 };

interface Delivered {
  readonly message: Message<Topic>;
  readonly origin: Origin;
}

interface BatchConsumerOptions {
  readonly topic: Topic;
  readonly handler: (batch: readonly Message<Topic>[]) => Promise<void>;
  readonly onBatch: (messages: number, tookMs: number) => void;
  /** Maximum number of concurrent handler calls. Each call handles different partitions. */
  readonly lanes: number;
  readonly deadLetters: DeadLetters;
  readonly logger: Logger;
  readonly authenticate: Authenticate;
  readonly isAddressed?: IsAddressed | undefined;
}

/** Reason why the producer is not proven; null for an authentic message. */
export type Authenticate = (topic: Topic, message: CarriedMessage) => string | null;

/** False for a message without a proof for this reader: left out, and never taken as a fact. */
export type IsAddressed = (topic: Topic, message: CarriedMessage) => boolean;

interface CarriedMessage {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

interface Origin {
  readonly topic: string;
  readonly partition: number;
  readonly raw: FetchedRecord;
}

/**
 * Decodes and handles the batches of one topic. A failing batch is split to dead-letter the poison
 * message.
 */
export class BatchConsumer {
  private readonly lanes: readonly Batcher<readonly Origin[], void>[];
  readonly topic: Topic;
  private readonly logger: Logger;

  constructor(private readonly options: BatchConsumerOptions) {
    this.topic = options.topic;
    this.logger = options.logger;
    this.lanes = Array.from(
      { length: options.lanes },
      () =>
        new Batcher<readonly Origin[], void>((parts) => this.handle(parts.flat()), {
          limit: BATCH_LIMIT,
          sizeOf: (part) => part.length,
        }),
    );
  }

  /**
   * True once every message is handled or dead-lettered; retries while the database is away. False
   * when the partition is reassigned.
   */
  async process(
    fetched: FetchedBatch,
    messages: readonly FetchedRecord[],
    isAssigned: () => boolean,
  ): Promise<boolean> {
    const { topic, partition } = fetched;
    const origins = messages.map((raw): Origin => ({ topic, partition, raw }));
    const lane = this.lanes[partition % this.lanes.length];
    return this.retryWhileAssigned(fetched, isAssigned, async () => lane?.add(origins));
  }

  /**
   * Processes one dead letter, independently of the log. Returns the reason for a failure, or null.
   * Throws on infrastructure faults.
   */
  async replay(letter: NewDeadLetter): Promise<string | null> {
    const decoded = this.decode(recordOf(letter));
    if (!decoded.ok) return decoded.refusal;
    if (decoded.value === null) return 'the message carries no proof for this service';
    try {
      await inProcessSpans(this.topic.name, [decoded.value], this.options.handler);
      return null;
    } catch (error) {
      if (isInfrastructureFault(error)) throw error;
      return storable(describeError(error));
    }
  }

  /** Null for a message that is left out. */
  private decode(raw: FetchedRecord): Result<Message<Topic> | null, string> {
    if (raw.broken) return refuse(describeBroken(raw.broken));
    const value = raw.value ?? Buffer.alloc(0);
    // toString() would replace undecodable bytes, and the result might be valid
    if (!isUtf8(value)) return refuse('value is not UTF-8');
    const carried = {
      topic: this.topic.name,
      key: raw.key?.toString() ?? '',
      headers: headersOf(raw),
      value: value.toString(),
    };
    if (this.options.isAddressed?.(this.topic, carried) === false) return ok(null);
    const fault = this.options.authenticate(this.topic, carried);
    if (fault !== null) return refuse(fault);
    const decoded = decode(this.topic, carried);
    return decoded.ok ? ok(decoded.value) : refuse(describeRefusal(decoded.refusal));
  }

  private async retryWhileAssigned(
    fetched: FetchedBatch,
    isAssigned: () => boolean,
    work: () => Promise<void>,
  ): Promise<boolean> {
    for (let pause = RETRY_MS.first; isAssigned(); pause = Math.min(pause * 2, RETRY_MS.max)) {
      try {
        await work();
        return true;
      } catch (error) {
        this.logger.warn(
          {
            topic: this.topic.name,
            partition: fetched.partition,
            err: error,
            retryInMs: pause,
          },
          'the batch was not processed and will be retried',
        );
        await sleep(pause);
        await fetched.heartbeat();
      }
    }
    return false;
  }

  /** Decodes inside the lane, while another lane waits for the database. */
  private async handle(batch: readonly Origin[]): Promise<void> {
    const delivered: Delivered[] = [];
    let sinceMs = monotonicMs();
    for (const origin of batch) {
      if (monotonicMs() - sinceMs > STRETCH_MS) {
        await nextTurn();
        sinceMs = monotonicMs();
      }
      const decoded = this.decode(origin.raw);
      if (!decoded.ok) await this.deadLetter(origin, decoded.refusal);
      else if (decoded.value !== null) delivered.push({ message: decoded.value, origin });
    }
    await bisect(delivered, {
      handle: (part) => this.handOverWhatIsNotRefused(part),
      isTransient: isInfrastructureFault,
      deadLetter: ({ origin }, error) => this.deadLetter(origin, describeError(error)),
      attempts: ATTEMPTS_ALONE,
    });
  }

  private async handOverWhatIsNotRefused(part: readonly Delivered[]): Promise<void> {
    let left = part;
    while (left.length > 0) {
      try {
        return await this.handOver(left.map(({ message }) => message));
      } catch (error) {
        if (!(error instanceof RefusedMessages)) throw error;
        const { causes } = error;
        const others = left.filter(({ message }) => !causes.has(message.id));
        if (others.length === left.length) throw error;
        for (const { message, origin } of left) {
          const cause = causes.get(message.id);
          if (cause !== undefined) await this.deadLetter(origin, cause);
        }
        left = others;
      }
    }
  }

  private async handOver(messages: readonly Message<Topic>[]): Promise<void> {
    const sinceMs = monotonicMs();
    await inProcessSpans(this.topic.name, messages, this.options.handler);
    this.options.onBatch(messages.length, monotonicMs() - sinceMs);
  }

  private async deadLetter(origin: Origin, cause: string): Promise<void> {
    await this.options.deadLetters.add(deadLetterOf(origin, cause));
    const { topic, partition, raw } = origin;
    this.logger.error(
      { topic, partition, offset: raw.offset, messageId: headersOf(raw)['ce_id'], cause },
      'the message cannot be processed and was stored as a dead letter',
    );
  }
}

function deadLetterOf({ topic, partition, raw }: Origin, cause: string): NewDeadLetter {
  const bytes = raw.broken?.bytes ?? raw.value ?? Buffer.alloc(0);
  const plain = isUtf8(bytes) && !bytes.includes(0);
  return {
    topic,
    partition,
    offset: raw.offset,
    key: raw.key ? storable(raw.key.toString()) : null,
    headers: Object.fromEntries(
      Object.entries(headersOf(raw)).map(([name, value]) => [storable(name), storable(value)]),
    ),
    value: bytes.toString(plain ? 'utf8' : 'base64'),
    encoding: plain ? 'utf8' : 'base64',
    cause: storable(cause),
  };
}

/** Restores the record with the value's original bytes; keys and headers are always text. */
function recordOf({ offset, key, headers, value, encoding }: NewDeadLetter): FetchedRecord {
  return {
    offset,
    key: key === null ? null : Buffer.from(key),
    value: Buffer.from(value, encoding),
    headers,
  };
}

function describeBroken({ cause }: BrokenBatch): string {
  return `a whole batch, the last record of which has this offset, cannot be read: ${cause}`;
}

/** PostgreSQL's text cannot hold NUL. */
function storable(text: string): string {
  return text.replaceAll('\0', '');
}

/** Returns the headers as text. A repeated name keeps the first value. */
function headersOf({ headers = {} }: FetchedRecord): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    texts[name] =
      typeof value === 'string'
        ? value
        : ((Array.isArray(value) ? value[0] : value)?.toString() ?? '');
  }
  return texts;
}

function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : JSON.stringify(error);
}
