import type { BatchContext, BatchIdentity } from './record-log.js';

/** Identifies one consumed batch. While the same batch lies at the same offsets, the log before it is the one that was consumed. */
export type LogCheckpoint = Pick<
  BatchContext,
  'firstOffset' | 'nextOffset' | 'checksum' | 'leaderEpoch'
>;

/** A batch as a fetch brings it. */
export type FetchedBatchContext = LogCheckpoint & {
  /** The first offset that came: records before the one that was asked for are cut off. */
  readonly firstRecord: number;
  /** Where its log began then. */
  readonly logStart: number;
};

/** Where a partition's log begins and ends. */
export interface LogBounds {
  readonly start: number;
  readonly end: number;
}

/** What to do with the records of a fetch. */
export type FetchDecision =
  /** Process the records from this offset on. */
  | { readonly kind: 'process'; readonly from: number }
  /** Drop the records and fetch from this offset: the batch there shows whether the log is still the same. */
  | { readonly kind: 'refetch'; readonly offset: number };

/** How many batches are remembered, and so how far back the log can be read again without reading all of it. */
const MAX_CHECKPOINTS = 32;
/** Records of a fetch that was under way before the seek may arrive first. */
const MAX_REFETCHES = 5;

/**
 * The checkpoints of one partition, and whether its log still agrees with them. A broker that comes back without its last records appends the next
 * ones at the same offsets, under a new leader epoch; a topic that was deleted and created again begins at 0. kafkajs notices neither: whoever goes on
 * at his own offset has skipped what was appended before it. So at each assignment, at each new leader epoch and wherever offsets do not fit, the batch
 * consumed last is fetched again and compared. Where it is another one, older ones are compared, and the log is read from behind the newest that is
 * still there; from its beginning when there is none.
 */
export class LogCheckpoints {
  private checkpoints: LogCheckpoint[] = [];
  private isVerified = false;
  /** The batch to be compared has come, perhaps with nothing behind it: what comes next may be of a new leader epoch. */
  private mayEpochChange = false;
  private comparingWith: LogCheckpoint | null = null;
  private refetches = 0;
  /** The offset up to which the log had been consumed when it turned out to be another one. */
  private lostUpTo: number | null = null;

  /** `onLoss` gets the offset up to which the log had been consumed, and the one from which it is read again. */
  constructor(private readonly onLoss: (consumedTo: number, from: number) => void) {}

  /** The group has rebalanced: another member may have consumed meanwhile. `committed` is null when there is no offset, `checkpoint` when none was stored with it. */
  assigned(
    committed: { readonly offset: number; readonly checkpoint: LogCheckpoint | null } | null,
  ): void {
    [this.isVerified, this.comparingWith] = [false, null];
    if (committed === null) return;
    const newest = this.checkpoints.at(-1);
    if (committed.checkpoint && (!newest || newest.nextOffset < committed.checkpoint.nextOffset))
      this.remember(committed.checkpoint);
    // An operator has set the group's offset back, on purpose: no loss.
    else if (committed.checkpoint === null && newest && committed.offset < newest.nextOffset)
      this.checkpoints = [];
  }

  consumed(batch: LogCheckpoint): void {
    const { firstOffset, nextOffset, checksum, leaderEpoch } = batch;
    this.remember({ firstOffset, nextOffset, checksum, leaderEpoch });
  }

  /** What is committed with the offset `next`, so that the partition's next consumer can compare. */
  checkpointAt(next: number): LogCheckpoint | null {
    const newest = this.checkpoints.at(-1);
    return newest?.nextOffset === next ? newest : null;
  }

  /** Decides about a fetch; `first` is the first batch of which a record came, `end` the end of the log. */
  onFetched(first: FetchedBatchContext, end: number): FetchDecision {
    const bounds = { start: first.logStart, end };
    if (this.comparingWith) return this.compare(this.comparingWith, first, bounds);
    const newest = this.checkpoints.at(-1);
    if (!newest) {
      this.isVerified = true; // nothing is known that this could differ from
      return { kind: 'process', from: 0 };
    }
    const isSameEpoch = first.leaderEpoch === newest.leaderEpoch || this.mayEpochChange;
    this.mayEpochChange = false;
    const fits =
      this.isVerified &&
      isSameEpoch &&
      first.firstOffset >= newest.nextOffset &&
      first.logStart <= newest.nextOffset;
    return fits ? { kind: 'process', from: 0 } : this.startComparison(bounds, first);
  }

  /** Decides about the log's bounds, when no record came: a refetch when the log ends before what was consumed, or was not verified since; else null. */
  onBounds(bounds: LogBounds): FetchDecision | null {
    const newest = this.checkpoints.at(-1);
    if (
      !newest ||
      this.comparingWith !== null ||
      (this.isVerified && newest.nextOffset <= bounds.end)
    )
      return null;
    return this.startComparison(bounds, null);
  }

  /** Nothing has come for a while: the log has to be compared again. */
  invalidate(): void {
    this.isVerified = false;
  }

  private compare(
    checkpoint: LogCheckpoint,
    first: FetchedBatchContext,
    bounds: LogBounds,
  ): FetchDecision {
    const isOfEarlierFetch =
      first.firstOffset >= checkpoint.nextOffset && checkpoint.nextOffset > bounds.start;
    if (isOfEarlierFetch && this.refetches++ < MAX_REFETCHES)
      return { kind: 'refetch', offset: checkpoint.nextOffset - 1 };
    this.comparingWith = null;
    if (checkpoint.firstOffset !== first.firstOffset || checkpoint.checksum !== first.checksum) {
      this.discardNewest();
      return this.startComparison(bounds, first);
    }
    this.mayEpochChange = true;
    this.endComparison(checkpoint.nextOffset);
    return { kind: 'process', from: checkpoint.nextOffset };
  }

  /** With the newest checkpoint that the log can still contain. */
  private startComparison(
    { start, end }: LogBounds,
    first: FetchedBatchContext | null,
  ): FetchDecision {
    while ((this.checkpoints.at(-1)?.nextOffset ?? 0) > end) this.discardNewest();
    const newest = this.checkpoints.at(-1);
    if (newest && newest.nextOffset > start) {
      [this.comparingWith, this.refetches] = [newest, 0];
      return { kind: 'refetch', offset: newest.nextOffset - 1 };
    }
    // Retention has removed everything that was consumed; a loss only if records that were not consumed went with it.
    if (newest && newest.nextOffset < start) this.lostUpTo ??= newest.nextOffset;
    const isOther = this.lostUpTo !== null;
    this.checkpoints = [];
    this.endComparison(start);
    return isOther && (first === null || first.firstRecord > start)
      ? { kind: 'refetch', offset: start }
      : { kind: 'process', from: 0 };
  }

  /** The log does not contain the newest checkpoint's batch any more. */
  private discardNewest(): void {
    this.lostUpTo = Math.max(this.lostUpTo ?? 0, this.checkpoints.pop()?.nextOffset ?? 0);
  }

  /** The log is known again up to the offset `from`; a loss is reported. */
  private endComparison(from: number): void {
    if (this.lostUpTo !== null) this.onLoss(this.lostUpTo, from);
    [this.lostUpTo, this.isVerified] = [null, true];
  }

  private remember(checkpoint: LogCheckpoint): void {
    this.checkpoints.push(checkpoint);
    if (this.checkpoints.length > MAX_CHECKPOINTS) this.checkpoints.shift();
  }
}

/** The first word of the metadata: what was written under one of them is nothing under the other. */
const WORDS: Readonly<Record<BatchIdentity, string>> = { checksum: 'batch', header: 'header' };

/** As the metadata text of a committed offset. */
export function formatCheckpoint(
  { firstOffset, nextOffset, checksum, leaderEpoch }: LogCheckpoint,
  knownBy: BatchIdentity,
): string {
  return `${WORDS[knownBy]} ${firstOffset} ${nextOffset} ${checksum} ${leaderEpoch}`;
}

/** Null for metadata that is no checkpoint of this kind. */
export function parseCheckpoint(
  text: string | null | undefined,
  knownBy: BatchIdentity,
): LogCheckpoint | null {
  const [word, ...numbers] = (text ?? '').split(' ');
  const [firstOffset, nextOffset, checksum, leaderEpoch] = numbers.map(Number);
  if (
    word !== WORDS[knownBy] ||
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
