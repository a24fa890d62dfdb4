import { hash } from 'node:crypto';

export interface ReportSpan {
  /** End of the previous report. */
  readonly from: string;
  readonly to: string;
}

/** A report in progress. */
export interface BegunReport {
  /** Returns true if the previous report did not contain this exact text. */
  isNew(text: string): boolean;
  /** Must be called after the commit: the next report does not repeat the entries. */
  committed(): void;
}

/**
 * Entries of the last report by this instance. The next report reads the last minute again to
 * include late commits, and omits the entries already reported. A report with a different start was
 * requested or follows the report of another instance: all entries are new.
 */
export class LastReport {
  private to: string | null = null;
  private named: ReadonlySet<string> = new Set();

  next({ from, to }: ReportSpan): BegunReport {
    const before = from === this.to ? this.named : new Set();
    const named = new Set<string>();
    return {
      isNew: (text) => {
        const digest = hash('sha256', text, 'base64');
        named.add(digest);
        return !before.has(digest);
      },
      committed: () => {
        [this.to, this.named] = [to, named];
      },
    };
  }
}
