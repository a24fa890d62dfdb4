import type { Permission } from '@sluice/http-api';
import {
  atRate,
  type Asked,
  drawOrder,
  type Funding,
  openAccount,
  type OrderOptions,
  type Random,
  type TwoPeople,
  WebhookReceiver,
} from '@sluice/stack';
import { Client } from './client.js';

const SIMULATED: readonly Funding[] = [
  { currency: 'USDT', network: 'ETH', amount: '1000000' },
  { currency: 'EUR', network: 'SEPA', amount: '1000000' },
];
const WALLET: readonly Funding[] = [
  { currency: 'ETH', network: 'ETH', amount: '300' },
  { currency: 'BNB', network: 'BSC', amount: '1500' },
  { currency: 'USDT', network: 'BSC', amount: '1000000' },
];

/** Far more than a run asks for, in every form of order. */
export function fundingsOf(wallet: boolean): readonly Funding[] {
  return wallet ? [...SIMULATED, ...WALLET] : SIMULATED;
}

/** All rights used by clients. */
export const PERMISSIONS: readonly Permission[] = [
  'withdraw',
  'read_withdrawal_status',
  'read_balance',
  'manage_webhooks',
];

const CLIENTS = 6;

interface LoadOptions extends Pick<OrderOptions, 'bankAccount' | 'wallet'> {
  readonly random: Random;
  readonly people: TwoPeople;
  /** The public API's instances. */
  readonly urls: readonly string[];
  readonly say: (line: string) => void;
}

/** Several clients requesting withdrawals at a steady pace. */
export class Load {
  private following: Promise<unknown> = Promise.resolve();
  private stopped = false;
  private number = 0;

  private constructor(
    readonly clients: readonly Client[],
    private readonly options: LoadOptions,
  ) {}

  static async prepare(options: LoadOptions): Promise<Load> {
    const fundings = fundingsOf(options.wallet ?? false);
    const clients: Client[] = [];
    for (let index = 0; index < CLIENTS; index += 1) {
      const name = `nemesis ${index + 1}`;
      const wish = { permissions: PERMISSIONS, fundings };
      const { account_id: id, ...key } = await openAccount(options.people, name, wish);
      const receiver = await WebhookReceiver.start();
      const client = new Client(id, key, options.urls, options.say, receiver);
      clients.push(client);
      await client.registerWebhook();
    }
    const load = new Load(clients, options);
    load.following = Promise.all(clients.map((client) => client.follow()));
    return load;
  }

  /** Requests a withdrawal and returns the client's record, updated from now on. */
  askOne(change: Partial<OrderOptions> = {}): Asked {
    const { random, bankAccount, wallet } = this.options;
    const number = (this.number += 1);
    const order = drawOrder(random, number, {
      clients: CLIENTS,
      bankAccount,
      ...(wallet !== undefined && { wallet }),
      ...change,
    });
    const client = this.clients[order.client];
    if (!client) throw new Error('no such client');
    client.ask(order);
    const asked = client.asked.get(order.reference);
    if (!asked) throw new Error('not asked');
    return asked;
  }

  /** Requests withdrawals at this pace until the time is over or the run is stopped. */
  run(perSecond: number, forMs: number, ended: AbortSignal): Promise<void> {
    const count = Math.ceil((forMs / 1_000) * perSecond);
    return atRate({ perSecond, count, ended }, () => void this.askOne());
  }

  all(): readonly Asked[] {
    return this.clients.flatMap((client) => [...client.asked.values()]);
  }

  open(): readonly Asked[] {
    return this.clients.flatMap((client) => client.open());
  }

  /** Returns true if a client still waits for a webhook about the end of a withdrawal. */
  isUntold(): boolean {
    return this.clients.some((client) => client.isUntold);
  }

  doubt(since: number): void {
    for (const client of this.clients) client.doubt(since);
  }

  /** Ends the clients' requests: a withdrawal recorded during the judgement would be judged wrongly. */
  async endRequests(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.endRequests()));
    await this.following;
  }

  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    await Promise.all(this.clients.map((client) => client.stop()));
    await this.following;
  }
}
