import { Partitioners, type ICustomPartitioner, type Kafka, type Producer } from 'kafkajs';
import { murmur2 } from './wire/murmur2.js';

/**
 * An idempotent producer that is thrown away after a failed send. kafkajs takes the sequence numbers of a failed send back,
 * though the broker may have stored it: the next and larger send would then be out of sequence, for ever.
 */
export class RenewableProducer {
  private current: Promise<Producer> | null = null;
  private connected = false;

  constructor(private readonly kafka: Kafka) {}

  isConnected(): boolean {
    return this.connected;
  }

  /** Neither connected nor about to be. */
  isIdle(): boolean {
    return this.current === null;
  }

  /** Connects when needed, for as long as the client tries. */
  get(): Promise<Producer> {
    this.current ??= this.connect();
    return this.current;
  }

  discard(): void {
    const old = this.current;
    this.current = null;
    this.connected = false;
    old?.then((producer) => producer.disconnect()).catch(() => undefined);
  }

  async close(): Promise<void> {
    const producer = this.connected ? await this.current : null;
    this.discard();
    await producer?.disconnect();
  }

  private async connect(): Promise<Producer> {
    const producer = this.kafka.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      createPartitioner: partitioner,
      retry: { retries: 5, maxRetryTime: 1_000 },
    });
    try {
      await producer.connect();
      this.connected = true;
      return producer;
    } catch (error) {
      this.discard();
      await producer.disconnect(); // it may be connected and yet have no producer id
      throw error;
    }
  }
}

/** Kafka's default for messages with a key, without the 64-bit arithmetic that kafkajs does for it. */
const partitioner: ICustomPartitioner = () => {
  const withoutKey = Partitioners.DefaultPartitioner();
  return (args) => {
    const { key } = args.message;
    if (key === null || key === undefined) return withoutKey(args);
    return (murmur2(Buffer.from(key)) & 0x7fffffff) % args.partitionMetadata.length;
  };
};
