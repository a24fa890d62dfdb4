import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database, forAllAccounts, type Tx } from '@sluice/postgres';
import { monotonicMs } from '@sluice/runtime';
import { type State, WALLET, type Withdrawal } from '@sluice/withdrawal-core';
import { CHANGED_CHANNEL } from '../../instances/look-up-cache.js';
import { findByIds, type StoredWithdrawal } from '../../rows/withdrawal-store.js';

/** Without `reached` the time has passed, and `last` is the newest known state, or null. */
export interface Waited {
  readonly reached: boolean;
  readonly last: StoredWithdrawal | null;
}

const REFRESH_AGAIN_MS = 500;
/** Ids in a notification, whose payload has at most 8,000 bytes in PostgreSQL. */
const MOST_NAMED = 200;
const WANTED_FOR_MS = 30_000;

interface Waiter {
  readonly notify: (stored: StoredWithdrawal) => void;
  readonly end: () => void;
}

/**
 * Requests of this process waiting for a state: woken by local steps, and by notifications of other
 * instances with one query for all.
 */
export abstract class Waiters {
  private readonly waiting = new Map<string, Set<Waiter>>();
  private readonly toRead = new Set<string>();
  private refreshing = false;

  protected abstract lookUp(ids: readonly string[]): Promise<readonly StoredWithdrawal[]>;

  /** Waits until the condition holds or the time is over. Holds no database connection. */
  wait(
    id: string,
    until: (withdrawal: StoredWithdrawal['withdrawal']) => boolean,
    timeoutMs: number,
  ): Promise<Waited> {
    return new Promise((resolve) => {
      let last: StoredWithdrawal | null = null;
      const finish = (reached: boolean) => {
        clearTimeout(timer);
        this.forget(id, waiter);
        resolve({ reached, last });
      };
      const waiter: Waiter = {
        notify: (stored) => {
          last = stored;
          if (until(stored.withdrawal)) finish(true);
        },
        end: () => finish(false),
      };
      const timer = setTimeout(waiter.end, timeoutMs);
      this.waiting.set(id, (this.waiting.get(id) ?? new Set()).add(waiter));
    });
  }

  wake(stored: StoredWithdrawal): void {
    for (const waiter of [...(this.waiting.get(stored.withdrawal.order.id) ?? [])])
      waiter.notify(stored);
  }

  /** Ends the waiters of a withdrawal never to be committed, before their timeout. */
  drop(id: string): void {
    for (const waiter of [...(this.waiting.get(id) ?? [])]) waiter.end();
  }

  /**
   * Reads the awaited ones of the changed withdrawals, by default all awaited, in one query and
   * never in parallel. Never rejects: the query is retried.
   */
  async refresh(changed: Iterable<string> = this.waiting.keys()): Promise<void> {
    for (const id of changed) this.toRead.add(id);
    if (this.refreshing) return;
    this.refreshing = true;
    try {
      while (this.toRead.size > 0) {
        const ids = [...this.toRead].filter((id) => this.waiting.has(id));
        this.toRead.clear();
        if (ids.length > 0) (await this.lookUp(ids)).forEach((stored) => this.wake(stored));
      }
    } catch {
      setTimeout(() => void this.refresh(), REFRESH_AGAIN_MS).unref();
    } finally {
      this.refreshing = false;
    }
  }

  private forget(id: string, waiter: Waiter): void {
    const group = this.waiting.get(id);
    group?.delete(waiter);
    if (group?.size === 0) this.waiting.delete(id);
  }
}

/** Waiters backed by the database, woken by notifications about commits of other instances. */
@Injectable()
export class WithdrawalWaiters extends Waiters implements OnModuleInit {
  /** Names this process in its notifications, which it ignores. */
  private readonly instance = randomUUID();
  /** A new instance has not heard yet whether changes are wanted. */
  private wantedUntil = monotonicMs() + WANTED_FOR_MS;

  constructor(private readonly database: Database) {
    super();
  }

  onModuleInit(): Promise<void> {
    return this.database.listen(CHANGED_CHANNEL, (payload) => {
      const [from, ...changed] = payload.split(' ');
      // no ids: too many, or notifications may have been missed
      if (from !== this.instance) void this.refresh(changed.length > 0 ? changed : undefined);
    });
  }

  /** Every change is named for a while, also of withdrawals that no request waits for. */
  wantChanges(forMs = WANTED_FOR_MS): void {
    this.wantedUntil = monotonicMs() + forMs;
  }

  /**
   * Notifies the other instances of the awaited withdrawals, with the commit of the transaction;
   * of all changed ones while they are wanted.
   */
  notifyOthers(
    tx: Pick<Tx, 'query'>,
    awaited: readonly string[],
    changed: readonly string[] = awaited,
  ): void {
    const isWanted = monotonicMs() < this.wantedUntil;
    const ids = isWanted ? [...new Set([...awaited, ...changed])] : awaited;
    if (ids.length === 0) return;
    if (!isWanted) return this.notify(tx, ids.length <= MOST_NAMED ? ids : []);
    for (let at = 0; at < ids.length; at += MOST_NAMED)
      this.notify(tx, ids.slice(at, at + MOST_NAMED));
  }

  private notify(tx: Pick<Tx, 'query'>, ids: readonly string[]): void {
    void tx.query(`SELECT pg_notify('${CHANGED_CHANNEL}', $1)`, [
      [this.instance, ...ids].join(' '),
    ]);
  }

  protected override lookUp(ids: readonly string[]): Promise<readonly StoredWithdrawal[]> {
    return forAllAccounts(() => findByIds(this.database, ids)); // requests of all accounts wait
  }
}

const UNDECIDED_AT_VENUE: readonly State[] = [
  'requested',
  'submitting',
  'uncertain',
  'undecided',
  'releasing',
  'cancelling',
];

/**
 * True if the venue has decided, or our wallet's transaction is broadcast; no answer waits for an
 * approval.
 */
export function isDecided(withdrawal: Pick<Withdrawal, 'state' | 'venue'>): boolean {
  const { state } = withdrawal;
  return (
    !UNDECIDED_AT_VENUE.includes(state) && !(state === 'submitted' && isWithWallet(withdrawal))
  );
}

export function isWithWallet({ venue }: Pick<Withdrawal, 'venue'>): boolean {
  return venue === WALLET;
}

/** After the venue's decision, requests wait only for the answer to a cancel request. */
export function isAwaited(before: State, { venue, cancel }: Withdrawal): boolean {
  return cancel !== null || !isDecided({ state: before, venue });
}
