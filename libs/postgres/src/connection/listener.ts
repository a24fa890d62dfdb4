import { BackgroundLoop } from '@sluice/runtime';
import type { Client } from 'pg';
import { isInfrastructureFault, isRefusedLogin } from './faults.js';
import { SessionClient, type SessionConfig } from './session-client.js';

const RETRY_MS = 500;

type OnNotify = (payload: string) => void;

/** Connection listening to channels, reopened by one attempt at a time. */
export class Listener {
  private client: Client | null = null;
  private connecting: Promise<void> | null = null;
  private readonly channels = new Map<string, readonly OnNotify[]>();
  /** Faults are not logged, because other queries to the server report the outage. */
  private readonly reconnecting: BackgroundLoop;

  constructor(private readonly config: SessionConfig) {
    this.reconnecting = BackgroundLoop.every(RETRY_MS, 'listen to notifications', null, () =>
      this.reconnect(),
    );
  }

  /** Connects if needed. Throws on a wrong setting; retries while the server is unreachable. */
  async listen(channel: string, onNotify: OnNotify): Promise<void> {
    this.channels.set(channel, [...(this.channels.get(channel) ?? []), onNotify]);
    try {
      if (this.client === null) await this.connect();
      // the connection may have been opened for another channel
      if (this.client !== null) await listenTo(this.client, channel);
    } catch (error) {
      if (!isInfrastructureFault(error) || isRefusedLogin(error)) throw error;
    }
    this.reconnecting.start();
  }

  async stop(): Promise<void> {
    await this.reconnecting.stop();
    await this.client?.end();
  }

  private connect(): Promise<void> {
    this.connecting ??= this.open().finally(() => (this.connecting = null));
    return this.connecting;
  }

  private async open(): Promise<void> {
    const client = new SessionClient(this.config);
    client.on('notification', ({ channel, payload }) => this.notify(channel, payload ?? ''));
    try {
      await client.connect();
      for (const channel of this.channels.keys()) await listenTo(client, channel);
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
    // notifications may have been missed
    for (const channel of this.channels.keys()) this.notify(channel, '');
  }

  private notify(channel: string, payload: string): void {
    for (const onNotify of this.channels.get(channel) ?? []) onNotify(payload);
  }
}

async function listenTo(client: Client, channel: string): Promise<void> {
  await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
}
