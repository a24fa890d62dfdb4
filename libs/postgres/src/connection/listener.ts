import { BackgroundLoop } from '@sluice/runtime';
import type { Client, ClientConfig } from 'pg';
import { isInfrastructureFault, isRefusedLogin } from './faults.js';
import { ErrorSafeClient } from './error-safe-client.js';

const RETRY_MS = 500;

/**
 * Connection listening to a channel. A broken connection is reopened by a single attempt at a time.
 */
export class Listener {
  private client: Client | null = null;
  /** Faults are not logged, because other queries to the server report the outage. */
  private readonly reconnecting: BackgroundLoop;

  constructor(
    private readonly config: ClientConfig,
    private readonly channel: string,
    private readonly onNotify: (payload: string) => void,
  ) {
    this.reconnecting = BackgroundLoop.every(RETRY_MS, `listen to ${channel}`, null, () =>
      this.reconnect(),
    );
  }

  /**
   * Connects and starts listening. Throws on a wrong setting; retries while the server is
   * unreachable.
   */
  async start(): Promise<void> {
    try {
      await this.connect();
    } catch (error) {
      if (!isInfrastructureFault(error) || isRefusedLogin(error)) throw error;
    }
    this.reconnecting.start();
  }

  async stop(): Promise<void> {
    await this.reconnecting.stop();
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
    client.once('end', () => (this.client = null));
    this.client = client;
  }

  private async reconnect(): Promise<void> {
    if (this.client) return;
    await this.connect();
    this.onNotify(''); // notifications may have been missed
  }
}
