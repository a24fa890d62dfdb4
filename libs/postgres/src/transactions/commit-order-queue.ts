import type { OutboxRow } from './outbox-row.js';

interface Pending {
  readonly row: OutboxRow;
  committed: boolean;
}

/**
 * Outbox rows between COMMIT and the relay. The answer to an earlier COMMIT of a withdrawal may
 * arrive after the answer to the next COMMIT. The answer may also be lost, and proving the outcome
 * takes long. The later row waits meanwhile, because the relay must get the rows in commit order.
 */
export class CommitOrderQueue {
  /** Rows by id, in the order of their COMMIT statements. */
  private readonly pending = new Map<string, Pending>();

  constructor(private readonly relay: (row: OutboxRow) => void) {}

  committing(row: OutboxRow): void {
    this.pending.set(row.id, { row, committed: false });
  }

  committed(row: OutboxRow): void {
    const pending = this.pending.get(row.id);
    if (pending) pending.committed = true;
    this.release();
  }

  notCommitted(row: OutboxRow): void {
    if (this.pending.delete(row.id)) this.release();
  }

  private release(): void {
    let waiting = [...this.pending.values()].filter(({ committed }) => committed).length;
    const blocked = new Set<string>();
    for (const { row, committed } of this.pending.values()) {
      if (waiting === 0) return;
      const keys = row.messages.map(({ orderingKey }) => orderingKey);
      if (committed) waiting--;
      if (committed && !keys.some((key) => blocked.has(key))) {
        this.pending.delete(row.id);
        this.relay(row);
      } else keys.forEach((key) => blocked.add(key));
    }
  }
}
