import type { BatchContext } from '../port/record-log.js';

/** A consumed batch: while found at the same offsets, the log before it is the consumed log. */
export type LogCheckpoint = Pick<
  BatchContext,
  'firstOffset' | 'nextOffset' | 'checksum' | 'leaderEpoch'
>;

/** Context of a fetched batch. */
export type FetchedBatchContext = BatchContext & {
  /** First received offset: records before the requested offset are removed. */
  readonly firstRecord: number;
};

export interface LogBounds {
  readonly start: number;
  readonly end: number;
}

/** Decision about the records of a fetch. */
export type FetchDecision =
  | { readonly kind: 'process'; readonly from: number }
  /** Fetch from this offset instead: the batch there shows if the log is unchanged. */
  | { readonly kind: 'refetch'; readonly offset: number };

/** Remembered batches: how far back the log can be read again without reading it whole. */
const MAX_CHECKPOINTS = 32;
/** Maximum number of refetches: records of a fetch started before the seek may arrive first. */
const MAX_REFETCHES = 5;

/**
 * Checkpoints of a partition, to detect a changed log: a broker without its last records appends
 * others at the same offsets under a new leader epoch, and a recreated topic begins at 0. kafkajs
 * would skip such records. The last consumed batch is therefore compared at each assignment, leader
 * epoch, metadata read, and misfit of offsets. If it differs, reading restarts after the newest
 * matching checkpoint, or at the beginning.
 */
export class LogCheckpoints {
  private checkpoints: LogCheckpoint[] = [];
  private isVerified = false;
  /** The compared batch may arrive alone: the next batch may have a new leader epoch. */
  private mayEpochChange = false;
  private comparingWith: LogCheckpoint | null = null;
  private refetches = 0;
  /** End of the consumed log at the time of the detected change; null if no loss is known. */
  private lostUpTo: number | null = null;

  /** `onLoss` receives the end offset of the consumed log and the offset of the restart. */
  constructor(private readonly onLoss: (consumedTo: number, from: number) => void) {}

  /**
   * After a rebalance: another member may have consumed. Null: no committed offset, or no stored
   * checkpoint.
   */
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

  /**
   * Checkpoint to commit with `next`, for the next consumer; null if the newest batch does not end
   * there.
   */
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
      this.isVerified = true; // no checkpoint exists for a comparison
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

  /** Decides about bounds without records: a refetch if the log is shorter or unverified. */
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

  /** Requires a new comparison: the log may have changed since the last record. */
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
    // Retention is a loss only if it removed unconsumed records.
    if (newest && newest.nextOffset < start) this.lostUpTo ??= newest.nextOffset;
    const isOther = this.lostUpTo !== null;
    this.checkpoints = [];
    this.endComparison(start);
    return isOther && (first === null || first.firstRecord > start)
      ? { kind: 'refetch', offset: start }
      : { kind: 'process', from: 0 };
  }

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

/** First word of the metadata. */
const WORD = 'batch';

/** Formats a checkpoint as the metadata text of a committed offset. */
export function formatCheckpoint({
  firstOffset,
  nextOffset,
  checksum,
  leaderEpoch,
}: LogCheckpoint): string {
  return `${WORD} ${firstOffset} ${nextOffset} ${checksum} ${leaderEpoch}`;
}

/** Parses the metadata text of a committed offset. Returns null for text without a checkpoint. */
export function parseCheckpoint(text: string | null | undefined): LogCheckpoint | null {
  const [word, ...numbers] = (text ?? '').split(' ');
  const [firstOffset, nextOffset, checksum, leaderEpoch] = numbers.map(Number);
  if (
    word !== WORD ||
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
