import type { StoredWithdrawal } from './withdrawal-store.js';

/** `reached`: the condition holds for `last`. Otherwise the time is over and `last` is the newest that is known, if anything. */
export interface Waited {
  readonly reached: boolean;
  readonly last: StoredWithdrawal | null;
}

const REFRESH_AGAIN_MS = 500;

interface Waiter {
  readonly notify: (stored: StoredWithdrawal) => void;
  readonly end: () => void;
}

/**
 * Requests of this process that wait for a withdrawal to get somewhere. Steps committed here wake them directly; steps
 * committed by another instance arrive as one database notification, answered by one look-up of everything that waits.
 */
export abstract class Waiters {
  private readonly waiting = new Map<string, Set<Waiter>>();
  private refreshing = false;
  private refreshAgain = false;

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

  /** Nobody will ever commit this one: its waiters need not wait for their time-out. */
  drop(id: string): void {
    for (const waiter of [...(this.waiting.get(id) ?? [])]) waiter.end();
  }

  /**
   * Another instance has committed something: looks up all that waits here, in one query, never two at a time. Never rejects:
   * while the database is away those who wait go on waiting and are looked up again.
   */
  async refresh(): Promise<void> {
    if (this.refreshing) {
      this.refreshAgain = true;
      return;
    }
    this.refreshing = true;
    try {
      do {
        this.refreshAgain = false;
        const ids = [...this.waiting.keys()];
        if (ids.length > 0) (await this.lookUp(ids)).forEach((stored) => this.wake(stored));
      } while (this.refreshAgain);
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
