import type { BatchContext } from './wire/fetched-record.js';

/** The end of a batch that was consumed. Where the same batch still lies at the same place, the log before it is the one that was read. */
export type LogMark = Pick<BatchContext, 'firstOffset' | 'nextOffset' | 'checksum' | 'leaderEpoch'>;

/** Where a partition's log begins and ends. */
export interface LogBounds {
  readonly start: number;
  readonly end: number;
}

/** What to do with what a fetch has brought. */
export type Verdict =
  /** Hand it over, from this offset on. */
  | { readonly kind: 'read'; readonly from: number }
  /** Drop it, and fetch from this offset: it has to be seen whether the log is still the same. */
  | { readonly kind: 'look'; readonly at: number };

/** How many ends of batches are remembered: so far back reading can go without reading all. */
const REMEMBERED = 32;
/** What was under way from elsewhere may come first. */
const MOST_LOOKS = 5;

/**
 * The marks of one partition, and whether its log still agrees with them. A broker that comes back without its last records appends the next ones where
 * those were, under a new leader's term; a topic that was made anew begins at 0. kafkajs notices neither: whoever goes on at his own offset
 * has skipped what was appended before it. So at each assignment, at each new term and wherever offsets do not fit, the last consumed batch is fetched again
 * and compared; where it is not the same, older ones are, and the log is read from the newest that is; from its beginning when there is none.
 */
export class LogMarks {
  private marks: LogMark[] = [];
  private isVerified = false;
  /** The batch that was looked for has come, and perhaps nothing after it: what comes next may be of a new term. */
  private isNewTermDue = false;
  private lookingFor: LogMark | null = null;
  private looks = 0;
  /** Up to where the log had been consumed when it was found to be another one. */
  private missedAt: number | null = null;

  /** `onLoss` is told what had been consumed up to where, and from where it is read again. */
  constructor(private readonly onLoss: (consumedTo: number, from: number) => void) {}

  /** The group has met: another member may have consumed meanwhile. `committed` is null when there is no offset, `mark` when none was stored with it. */
  assigned(committed: { readonly offset: number; readonly mark: LogMark | null } | null): void {
    [this.isVerified, this.lookingFor] = [false, null];
    if (committed === null) return;
    const newest = this.marks.at(-1);
    if (committed.mark && (!newest || newest.nextOffset < committed.mark.nextOffset))
      this.remember(committed.mark);
    // Somebody has set the group back, and means it.
    else if (committed.mark === null && newest && committed.offset < newest.nextOffset)
      this.marks = [];
  }

  consumed(batch: LogMark): void {
    const { firstOffset, nextOffset, checksum, leaderEpoch } = batch;
    this.remember({ firstOffset, nextOffset, checksum, leaderEpoch });
  }

  /** What is stored with the offset `next`, so that whoever comes next knows the log by it. */
  markAt(next: number): LogMark | null {
    const newest = this.marks.at(-1);
    return newest?.nextOffset === next ? newest : null;
  }

  /** `first` is the batch of the first record that came. */
  arrived(first: BatchContext, end: number): Verdict {
    const bounds = { start: first.logStart, end };
    if (this.lookingFor) return this.compare(this.lookingFor, first, bounds);
    const newest = this.marks.at(-1);
    if (!newest) {
      this.isVerified = true; // nothing is known that this could differ from
      return { kind: 'read', from: 0 };
    }
    const isSameTerm = first.leaderEpoch === newest.leaderEpoch || this.isNewTermDue;
    this.isNewTermDue = false;
    const fits =
      this.isVerified &&
      isSameTerm &&
      first.firstOffset >= newest.nextOffset &&
      first.logStart <= newest.nextOffset;
    return fits ? { kind: 'read', from: 0 } : this.look(bounds, first);
  }

  /** Told of the log's bounds though nothing came. Answers where to look when it ends before what was consumed, or may be another one. */
  bounded(bounds: LogBounds): Verdict | null {
    const newest = this.marks.at(-1);
    if (!newest || this.lookingFor !== null || (this.isVerified && newest.nextOffset <= bounds.end))
      return null;
    return this.look(bounds, null);
  }

  /** Nothing has come for a while: what was seen of the log is old. */
  doubt(): void {
    this.isVerified = false;
  }

  private compare(mark: LogMark, first: BatchContext, bounds: LogBounds): Verdict {
    const wasNotAsked = first.firstOffset >= mark.nextOffset && mark.nextOffset > bounds.start;
    if (wasNotAsked && this.looks++ < MOST_LOOKS) return { kind: 'look', at: mark.nextOffset - 1 };
    this.lookingFor = null;
    if (mark.firstOffset !== first.firstOffset || mark.checksum !== first.checksum) {
      this.miss();
      return this.look(bounds, first);
    }
    this.isNewTermDue = true;
    this.told(mark.nextOffset);
    return { kind: 'read', from: mark.nextOffset };
  }

  /** By the newest mark that the log can still have. */
  private look({ start, end }: LogBounds, first: BatchContext | null): Verdict {
    while ((this.marks.at(-1)?.nextOffset ?? 0) > end) this.miss();
    const newest = this.marks.at(-1);
    if (newest && newest.nextOffset > start) {
      [this.lookingFor, this.looks] = [newest, 0];
      return { kind: 'look', at: newest.nextOffset - 1 };
    }
    // Everything consumed was removed by age, which is as it should be, unless something unread went with it.
    if (newest && newest.nextOffset < start) this.missedAt ??= newest.nextOffset;
    const isOther = this.missedAt !== null;
    this.marks = [];
    this.told(start);
    return isOther && (first === null || first.firstOffset > start)
      ? { kind: 'look', at: start }
      : { kind: 'read', from: 0 };
  }

  private miss(): void {
    this.missedAt = Math.max(this.missedAt ?? 0, this.marks.pop()?.nextOffset ?? 0);
  }

  private told(from: number): void {
    if (this.missedAt !== null) this.onLoss(this.missedAt, from);
    [this.missedAt, this.isVerified] = [null, true];
  }

  private remember(mark: LogMark): void {
    this.marks.push(mark);
    if (this.marks.length > REMEMBERED) this.marks.shift();
  }
}

/** As the text that Kafka keeps beside a committed offset. */
export function textOfMark({ firstOffset, nextOffset, checksum, leaderEpoch }: LogMark): string {
  return `batch ${firstOffset} ${nextOffset} ${checksum} ${leaderEpoch}`;
}

export function markOfText(text: string | null | undefined): LogMark | null {
  const [word, ...numbers] = (text ?? '').split(' ');
  const [firstOffset, nextOffset, checksum, leaderEpoch] = numbers.map(Number);
  if (
    word !== 'batch' ||
    firstOffset === undefined ||
    nextOffset === undefined ||
    checksum === undefined ||
    leaderEpoch === undefined
  )
    return null;
  return numbers.every((number) => /^-?\d+$/.test(number))
    ? { firstOffset, nextOffset, checksum, leaderEpoch }
    : null;
}
