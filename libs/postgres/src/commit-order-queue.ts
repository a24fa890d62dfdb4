import type { OutboxRow } from './outbox-row.js';

interface Pending {
  readonly row: OutboxRow;
  committed: boolean;
}

/**
 * Rows between COMMIT and the relay. The answer to an earlier COMMIT of the same withdrawal may come later than the next
 * one's, or be lost and take long to prove: then the later row waits, so that the relay gets them in the order of commits.
 */
export class CommitOrderQueue {
  /** In the order in which COMMIT was sent. */
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
