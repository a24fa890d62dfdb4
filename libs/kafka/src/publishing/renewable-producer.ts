import type { LogProducer, RecordLog } from '../port/record-log.js';

/**
 * Replaced after a failed send: kafkajs reuses its sequence numbers, although the broker may have
 * stored the records.
 */
export class RenewableProducer {
  private current: Promise<LogProducer> | null = null;
  private connected = false;

  constructor(private readonly log: RecordLog) {}

  isConnected(): boolean {
    return this.connected;
  }

  /** Neither connected nor about to be. */
  isIdle(): boolean {
    return this.current === null;
  }

  /** Connects when needed, for as long as the client tries. */
  get(): Promise<LogProducer> {
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

  private async connect(): Promise<LogProducer> {
    const producer = this.log.producer();
    try {
      await producer.connect();
      this.connected = true;
      return producer;
    } catch (error) {
      this.discard();
      await producer.disconnect(); // the producer may be connected without a producer id
      throw error;
    }
  }
}
