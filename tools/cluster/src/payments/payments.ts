import { setTimeout as sleep } from 'node:timers/promises';
import { signIntake } from '@sluice/signing';
import type { DemoAccount, VenueName } from '@sluice/stack';
import { orderOf, type BankAccount, type Order } from './orders.js';

/** Results of a period, from the client's view. */
interface Stretch {
  readonly taken: number;
  /** Number of requests without a 200 answer, sent again with the same reference. */
  readonly repeated: number;
  readonly slowestMs: number;
}

const PATH = '/v1/withdrawals';
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

  constructor(private readonly options: PaymentsOptions) {}

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
    for (let tries = 0; ; tries += 1) {
      const since = performance.now();
      const { status, said } = await this.post(text, tries);
      if (status === 200) {
        this.taken += 1;
        this.slowestMs = Math.max(this.slowestMs, performance.now() - since);
        return;
      }
      const cause = `${status ?? ''} ${said}`.trim();
      if (status !== undefined && PLAIN_NO.has(status)) {
        this.refused.push(cause);
        return;
      }
      this.repeated += 1;
      this.causes.set(cause, (this.causes.get(cause) ?? 0) + 1);
      await sleep(PAUSE_MS);
    }
  }

  /** A signature counts once: a repeat is of another second. */
  private async post(
    body: string,
    tries: number,
  ): Promise<{ readonly status?: number; readonly said: string }> {
    const { url, account } = this.options;
    const timestamp = String(Math.floor(Date.now() / 1_000) - (tries % 120));
    const signed = { timestamp, method: 'POST', path: PATH, query: '', body };
    try {
      const response = await fetch(`${url}${PATH}`, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'x-cpg-key': account.key_id,
          'x-cpg-timestamp': timestamp,
          'x-cpg-signature': signIntake(account.secret, signed),
        },
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const { message } = (await response.json()) as { readonly message?: string };
      return { status: response.status, said: message ?? '' };
    } catch (error) {
      return { said: causeOf(error) };
    }
  }
}

/** Returns the reason of a failure; `fetch` stores the reason in the cause of the error. */
function causeOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : {};
  const one = cause instanceof Error ? cause : error;
  if (!(one instanceof Error)) return String(one);
  return 'code' in one && typeof one.code === 'string' ? one.code : one.message || one.name;
}
