import type { BatchContext } from '../port/record-log.js';

/** A consumed batch: while found at the same offsets, the log before it is the consumed log. */
export type LogCheckpoint = Pick<
  BatchContext,
  'firstOffset' | 'nextOffset' | 'checksum' | 'leaderEpoch'
>;

/** A checkpoint in the metadata of a committed offset. */
export interface CommittedCheckpoint extends LogCheckpoint {
  /** Id of the topic that was consumed; null while it is unknown. */
  readonly topicId: string | null;
}

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
 * matching checkpoint, or at the beginning. A recreated topic that has grown between two fetches
 * fits; only the topic's id shows it, and reading restarts at the beginning.
 */
export class LogCheckpoints {
  private checkpoints: LogCheckpoint[] = [];
  /** Id of the topic that was consumed; null while it is unknown. */
  private topicId: string | null = null;
  private isVerified = false;
  /** Leader epoch of the batch that caused the last comparison; null if bounds caused it. */
  private comparedForEpoch: number | null = null;
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
    committed: { readonly offset: number; readonly checkpoint: CommittedCheckpoint | null } | null,
  ): void {
    [this.isVerified, this.comparingWith] = [false, null];
    if (committed === null) return;
    const newest = this.checkpoints.at(-1);
    if (committed.checkpoint && (!newest || newest.nextOffset < committed.checkpoint.nextOffset)) {
      const { topicId, ...checkpoint } = committed.checkpoint;
      this.remember(checkpoint);
      this.topicId = topicId ?? this.topicId;
    }
    // An operator has set the group's offset back, on purpose: no loss.
    else if (committed.checkpoint === null && newest && committed.offset < newest.nextOffset)
      this.checkpoints = [];
  }

  /** Compares the id of the topic as it is now. A different id makes all checkpoints void. */
  identified(topicId: string): void {
    const isOther = this.topicId !== null && this.topicId !== topicId;
    this.topicId = topicId;
    if (!isOther || this.checkpoints.length === 0) return;
    while (this.checkpoints.length > 0) this.discardNewest();
    [this.isVerified, this.comparingWith] = [false, null];
  }

  consumed(batch: LogCheckpoint): void {
    const { firstOffset, nextOffset, checksum, leaderEpoch } = batch;
    this.remember({ firstOffset, nextOffset, checksum, leaderEpoch });
  }

  /**
   * Checkpoint to commit with `next`, for the next consumer; null if the newest batch does not end
   * there.
   */
  checkpointAt(next: number): CommittedCheckpoint | null {
    const newest = this.checkpoints.at(-1);
    return newest?.nextOffset === next ? { ...newest, topicId: this.topicId } : null;
  }

  /** Decides about a fetch; `first` is the first batch of which a record came, `end` the end of the log. */
  onFetched(first: FetchedBatchContext, end: number): FetchDecision {
    const bounds = { start: first.logStart, end };
    if (this.comparingWith) return this.compare(this.comparingWith, first, bounds);
    const newest = this.checkpoints.at(-1);
    if (!newest) return this.startComparison(bounds, first);
    const fits =
      this.isVerified &&
      [newest.leaderEpoch, this.comparedForEpoch].includes(first.leaderEpoch) &&
      first.firstOffset >= newest.nextOffset &&
      first.logStart <= newest.nextOffset;
    return fits ? { kind: 'process', from: 0 } : this.startComparison(bounds, first);
  }

  /** Decides about bounds without records: a refetch if the log is shorter or unverified. */
  onBounds(bounds: LogBounds): FetchDecision | null {
    const newest = this.checkpoints.at(-1);
    const isKnown = newest
      ? this.isVerified && newest.nextOffset <= bounds.end
      : this.lostUpTo === null;
    return isKnown ? null : this.startComparison(bounds, null);
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
    if (checkpoint.firstOffset !== first.firstOffset || checkpoint.checksum !== first.checksum) {
      this.discardNewest();
      return this.startComparison(bounds, first);
    }
    this.endComparison(checkpoint.nextOffset);
    return { kind: 'process', from: checkpoint.nextOffset };
  }

  private startComparison(
    { start, end }: LogBounds,
    first: FetchedBatchContext | null,
  ): FetchDecision {
    this.comparedForEpoch = first?.leaderEpoch ?? null;
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
    [this.lostUpTo, this.isVerified, this.comparingWith] = [null, true, null];
  }

  private remember(checkpoint: LogCheckpoint): void {
    this.checkpoints.push(checkpoint);
    if (this.checkpoints.length > MAX_CHECKPOINTS) this.checkpoints.shift();
  }
}

/** Stands for the unknown id of a topic. */
const UNKNOWN = '-';

/** Formats a checkpoint as the metadata text of a committed offset. */
export function formatCheckpoint({
  firstOffset,
  nextOffset,
  checksum,
  leaderEpoch,
  topicId,
}: CommittedCheckpoint): string {
  return `batch ${firstOffset} ${nextOffset} ${checksum} ${leaderEpoch} ${topicId ?? UNKNOWN}`;
}

/** Parses the metadata text of a committed offset. Returns null for text without a checkpoint. */
export function parseCheckpoint(text: string | null | undefined): CommittedCheckpoint | null {
  const parts = /^batch (-?\d+) (-?\d+) (-?\d+) (-?\d+) (-|[0-9a-f]{32})$/.exec(text ?? '');
  if (parts === null) return null;
  const [, firstOffset, nextOffset, checksum, leaderEpoch, topicId = UNKNOWN] = parts;
  return {
    firstOffset: Number(firstOffset),
    nextOffset: Number(nextOffset),
    checksum: Number(checksum),
    leaderEpoch: Number(leaderEpoch),
    topicId: topicId === UNKNOWN ? null : topicId,
  };
}
