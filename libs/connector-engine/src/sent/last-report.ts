import { hash } from 'node:crypto';

export interface ReportSpan {
  /** Where the last report ended. */
  readonly from: string;
  readonly to: string;
}

/** One report while it is made. */
export interface BegunReport {
  /** Whether the report before has not named it, in these very words. */
  isNew(text: string): boolean;
  /** It is committed: the next report does not repeat it. */
  committed(): void;
}

/**
 * What the last report of this instance has named: the next reads a minute of it again, for what was committed late, and repeats nothing else.
 * A report that begins elsewhere than where that one ended was asked for, or follows another instance's: it names all that it reads.
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
