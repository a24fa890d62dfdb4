import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, ClientConfig } from 'pg';
import { isInfrastructureFault, isRefusedLogin } from './faults.js';
import { SteadyClient } from './steady-client.js';

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

  /** Throws when it never can be heard (a wrong setting); while the server is away it goes on by itself. */
  async start(): Promise<void> {
    try {
      await this.connect();
    } catch (error) {
      if (!isInfrastructureFault(error) || isRefusedLogin(error)) throw error;
      void this.again();
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.client?.end();
  }

  private async connect(): Promise<void> {
    const client = new SteadyClient(this.config);
    client.on('notification', (message) => this.onNotify(message.payload ?? ''));
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

  private async again(): Promise<void> {
    for (;;) {
      await sleep(RETRY_MS, undefined, { ref: false });
      if (this.stopped) return;
      const heard = await this.connect().then(
        () => true,
        () => false,
      );
      if (heard) return this.onNotify(''); // whatever was said while nobody listened
    }
  }
}
