import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  FIRST_VENUE,
  SignedClient,
  paysToBankAccount,
  type DemoAccount,
  type VenueName,
} from '@sluice/stack';

/**
 * A requested withdrawal. The recipient is unique to the order, for identification in the venue's
 * record.
 */
export interface Order {
  readonly reference: string;
  readonly venue: VenueName;
  /** Recipient in the form of `recipientOf`. */
  readonly recipient: string;
  readonly amount: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The bank account known to the simulator of the venue that pays to bank accounts. */
type BankAccount = Readonly<Record<string, unknown>>;

/** The venues in turn. */
export function orderOf(
  number: number,
  venues: readonly VenueName[],
  bankAccount: BankAccount,
): Order {
  const reference = `c-${number}-${randomBytes(4).toString('hex')}`;
  const venue = venues[number % venues.length] ?? FIRST_VENUE;
  const amount = `${12 + (number % 40)}.${10 + (number % 89)}`;
  const common = { venue, amount, client_reference: reference };
  if (paysToBankAccount(venue)) {
    const destination = {
      type: 'reference_account',
      ...bankAccount,
      remittance_information: reference,
    };
    const body = { ...common, currency: 'EUR', network: 'SEPA', destination };
    return { reference, venue, amount, recipient: reference, body };
  }
  const recipient = `0x${randomBytes(20).toString('hex')}`;
  const body = { ...common, currency: 'USDT', network: 'ETH', to_address: recipient };
  return { reference, venue, amount, recipient, body };
}

/** Results of a period, from the client's view. */
interface Stretch {
  readonly taken: number;
  /** Number of requests without a 200 answer, sent again with the same reference. */
  readonly repeated: number;
  readonly slowestMs: number;
}

const PATIENCE_MS = 15_000;
const PAUSE_MS = 500;
/** Final statuses: a retry cannot change the answer. */
const PLAIN_NO = new Set([400, 401, 403, 404, 409, 413, 422]);

interface PaymentsOptions {
  readonly url: string;
  readonly account: DemoAccount;
  readonly perSecond: number;
  readonly venues: readonly VenueName[];
  readonly bankAccount: BankAccount;
}

/** Simulated client: requests withdrawals at a steady rate, and retries each until accepted. */
export class Payments {
  /** All orders accepted or still being retried. */
  readonly orders: Order[] = [];
  /** Final refusals; the expected number is zero. */
  readonly refused: string[] = [];
  private readonly ended = new AbortController();
  private readonly underWay = new Set<Promise<void>>();
  private readonly causes = new Map<string, number>();
  private running: Promise<void> = Promise.resolve();
  private taken = 0;
  private repeated = 0;
  private slowestMs = 0;

  private readonly client: SignedClient;

  constructor(private readonly options: PaymentsOptions) {
    this.client = new SignedClient([options.url], options.account);
  }

  /** Account of the withdrawals. */
  get account(): string {
    return this.options.account.account_id;
  }

  start(): void {
    this.running = this.ask();
  }

  /** Returns the results since the last call and resets the counters. */
  stretch(): Stretch & { readonly causes: string } {
    const causes = [...this.causes].map(([cause, times]) => `${times} × ${cause}`).join(', ');
    const { taken, repeated, slowestMs } = this;
    [this.taken, this.repeated, this.slowestMs] = [0, 0, 0];
    this.causes.clear();
    return { taken, repeated, slowestMs, causes };
  }

  /** Stops new requests; resolves after all open requests have been accepted or refused. */
  async stop(): Promise<void> {
    this.ended.abort();
    await this.running;
    await Promise.all(this.underWay);
  }

  private async ask(): Promise<void> {
    const { perSecond, venues, bankAccount } = this.options;
    for (let number = 0; !this.ended.signal.aborted; number += 1) {
      const order = orderOf(number, venues, bankAccount);
      this.orders.push(order);
      const work = this.untilTaken(order).finally(() => this.underWay.delete(work));
      this.underWay.add(work);
      await sleep(1_000 / perSecond, undefined, { signal: this.ended.signal }).catch(
        () => undefined,
      );
    }
  }

  private async untilTaken({ body }: Order): Promise<void> {
    const text = JSON.stringify(body);
    for (;;) {
      const since = performance.now();
      const { status, message } = await this.client.send(
        this.client.sign('POST', '/v1/withdrawals', text),
        PATIENCE_MS,
      );
      if (status === 200) {
        this.taken += 1;
        this.slowestMs = Math.max(this.slowestMs, performance.now() - since);
        return;
      }
      const cause = `${status ?? ''} ${message}`.trim();
      if (status !== undefined && PLAIN_NO.has(status)) {
        this.refused.push(cause);
        return;
      }
      this.repeated += 1;
      this.causes.set(cause, (this.causes.get(cause) ?? 0) + 1);
      await sleep(PAUSE_MS);
    }
  }
}
