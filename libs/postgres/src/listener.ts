import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';

const RETRY_MS = 500;

/** One connection that hears a channel; when it breaks, it is made again, one attempt at a time. */
export class Listener {
  private client: Client | null = null;
  private stopped = false;

  constructor(
    private readonly config: ClientConfig,
    private readonly channel: string,
    private readonly onNotify: (payload: string) => void,
  ) {}

  /** Throws when the first connection cannot be made. */
  async start(): Promise<void> {
    const client = new Client(this.config);
    client.on('notification', (message) => this.onNotify(message.payload ?? ''));
    client.on('error', () => undefined); // 'end' follows
    try {
      await client.connect();
      await client.query(`LISTEN ${client.escapeIdentifier(this.channel)}`);
    } catch (error) {
      client.end().catch(() => undefined);
      throw error;
    }
    client.once('end', () => void this.again());
    this.client = client;
    if (this.stopped) await client.end();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.client?.end();
  }

  private async again(): Promise<void> {
    for (;;) {
      await sleep(RETRY_MS, undefined, { ref: false });
      if (this.stopped) return;
      const heard = await this.start().then(
        () => true,
        () => false,
      );
      if (heard) return this.onNotify(''); // whatever was said while nobody listened
    }
  }
}
