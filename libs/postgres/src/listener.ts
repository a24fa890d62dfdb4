import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, ClientConfig } from 'pg';
import { isInfrastructureFault, isRefusedLogin } from './faults.js';
import { ErrorSafeClient } from './error-safe-client.js';

const RETRY_MS = 500;

/** One connection that listens to a channel; when it breaks, it is opened again, one attempt at a time. */
export class Listener {
  private client: Client | null = null;
  private stopped = false;

  constructor(
    private readonly config: ClientConfig,
    private readonly channel: string,
    private readonly onNotify: (payload: string) => void,
  ) {}

  /** Throws when a setting is wrong; while the server is away it keeps trying. */
  async start(): Promise<void> {
    try {
      await this.connect();
    } catch (error) {
      if (!isInfrastructureFault(error) || isRefusedLogin(error)) throw error;
      void this.reconnect();
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.client?.end();
  }

  private async connect(): Promise<void> {
    const client = new ErrorSafeClient(this.config);
    client.on('notification', (message) => this.onNotify(message.payload ?? ''));
    try {
      await client.connect();
      await client.query(`LISTEN ${client.escapeIdentifier(this.channel)}`);
    } catch (error) {
      client.end().catch(() => undefined);
      throw error;
    }
    client.once('end', () => void this.reconnect());
    this.client = client;
    if (this.stopped) await client.end();
  }

  private async reconnect(): Promise<void> {
    for (;;) {
      await sleep(RETRY_MS, undefined, { ref: false });
      if (this.stopped) return;
      const isConnected = await this.connect().then(
        () => true,
        () => false,
      );
      if (isConnected) return this.onNotify(''); // notifications may have been missed
    }
  }
}
