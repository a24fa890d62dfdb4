import type { ListedWithdrawal } from '@sluice/connector-rules';

/** Records that need no second look while they stay as they are: those that ended as we have it, and those that are not ours. */
export class FinishedCache {
  private readonly seen = new Map<string, ListedWithdrawal['status']['kind']>();

  constructor(private readonly size = 50_000) {}

  isOld(record: ListedWithdrawal): boolean {
    return this.seen.get(key(record)) === record.status.kind;
  }

  remember(record: ListedWithdrawal): void {
    this.seen.set(key(record), record.status.kind);
    if (this.seen.size <= this.size) return;
    const [oldest] = this.seen.keys();
    if (oldest !== undefined) this.seen.delete(oldest);
  }
}

function key(record: ListedWithdrawal): string {
  return `${record.form} ${record.venueReference}`;
}
