import { type Logger, monotonicMs } from '@sluice/runtime';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  formatCheckpoint,
  LogCheckpoints,
  type FetchDecision,
  type LogBounds,
} from './log-checkpoints.js';
import { keyOf, Offsets, type CommittedOffset } from './offsets.js';
import type { BatchContext, FetchedRecord, RecordLog } from '../port/record-log.js';

const BOUNDS_INTERVAL_MS = 10_000;
const RETRY_MS = 1_000;
/** Idle time (ms) before a partition is compared again: the broker may have been unavailable. */
const RECHECK_AFTER_MS = 10_000;

interface LogContinuityOptions {
  readonly log: RecordLog;
  readonly groupId: string;
  readonly logger: Logger;
  readonly seek: (topic: string, partition: number, offset: number) => void;
  /** Time in ms between two readings of the logs' bounds; default: ten seconds. */
  readonly boundsEveryMs?: number;
  readonly onBounds: (
    bounds: ReadonlyMap<string, LogBounds>,
    committedTo: (key: string) => number | null,
  ) => void;
  /** A log has lost consumed records, or removed unconsumed ones. */
  readonly onLoss: (topic: string) => void;
}

interface AssignedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly checkpoints: LogCheckpoints;
  /** Time of the last comparison of a fetch, by `monotonicMs`. */
  checkedAt: number;
}

/** Checks the log of each assigned partition against the consumed log, and reports differences. */
export class LogContinuity {
  private readonly partitions = new Map<string, AssignedPartition>();
  private assigned: readonly AssignedPartition[] = [];
  private committedLoaded: Promise<void> = Promise.resolve();
  private committed: ReadonlyMap<string, CommittedOffset> = new Map();
  private generation = 0;
  private readonly offsets: Offsets;
  private readonly stopped = new AbortController();
  private readonly lossesOf = new Map<string, number>();
  private boundsFetchedAt = -Infinity;

  constructor(private readonly options: LogContinuityOptions) {
    this.offsets = new Offsets(options.log, options.groupId);
  }

  start(): void {
    void this.checkForever();
  }

  stop(): void {
    this.stopped.abort();
    this.onUnassigned();
    this.offsets.close();
  }

  /** Reads committed offsets before kafkajs, which replaces an offset outside of the log. */
  async loadCommitted(topics: readonly string[]): Promise<void> {
    try {
      for (const [key, committed] of await this.offsets.committed(topics)) {
        const at = key.lastIndexOf(' ');
        this.partitionOf(key.slice(0, at), Number(key.slice(at + 1))).checkpoints.assigned(
          committed,
        );
      }
    } catch (error) {
      this.options.logger.warn(
        { err: error },
        'committed offsets could not be read and will be read after the rebalance',
      );
    }
  }

  /** Records wait (`whenCommittedLoaded`) until the committed offsets are known. */
  onAssigned(assignment: Readonly<Record<string, readonly number[]>>): void {
    this.generation++;
    this.assigned = Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => this.partitionOf(topic, partition)),
    );
    this.committedLoaded = this.loadForAssignment(this.generation);
  }

  onUnassigned(): void {
    this.generation++;
    this.assigned = [];
  }

  /** Requires a new comparison of each partition: a topic may have been created again. */
  invalidate(): void {
    for (const { checkpoints } of this.assigned) checkpoints.invalidate();
  }

  whenCommittedLoaded(): Promise<void> {
    return this.committedLoaded;
  }

  /** Decides about a fetch by the first record; `end` is the end of the log. */
  onFetched(
    topic: string,
    partition: number,
    { offset, batchContext }: FetchedRecord,
    end: number,
  ): FetchDecision {
    const state = this.partitionOf(topic, partition);
    state.checkedAt = monotonicMs();
    if (!batchContext) return { kind: 'process', from: 0 };
    return state.checkpoints.onFetched({ ...batchContext, firstRecord: Number(offset) }, end);
  }

  onConsumed(topic: string, partition: number, records: readonly FetchedRecord[]): void {
    const { checkpoints } = this.partitionOf(topic, partition);
    let before: BatchContext | undefined;
    for (const { batchContext } of records) {
      if (batchContext && batchContext !== before) checkpoints.consumed(batchContext);
      before = batchContext;
    }
  }

  /** Returns the metadata to commit with the offset `next`; null without a checkpoint. */
  metadataFor(topic: string, partition: number, next: number): string | null {
    const checkpoint = this.partitionOf(topic, partition).checkpoints.checkpointAt(next);
    return checkpoint && formatCheckpoint(checkpoint);
  }

  losses(): ReadonlyMap<string, number> {
    return this.lossesOf;
  }

  private partitionOf(topic: string, partition: number): AssignedPartition {
    const key = keyOf(topic, partition);
    const checkpoints = () =>
      new LogCheckpoints((consumedTo, from) => this.reportLoss(topic, partition, consumedTo, from));
    const state: AssignedPartition = this.partitions.get(key) ?? {
      topic,
      partition,
      checkpoints: checkpoints(),
      checkedAt: monotonicMs(),
    };
    this.partitions.set(key, state);
    return state;
  }

  private reportLoss(topic: string, partition: number, consumedTo: number, from: number): void {
    this.lossesOf.set(topic, (this.lossesOf.get(topic) ?? 0) + 1);
    this.options.logger.error(
      { topic, partition, consumedTo, from },
      'the log differs from the consumed log: records are lost, and reading continues from the newest matching offset',
    );
    this.options.onLoss(topic);
  }

  private async loadForAssignment(generation: number): Promise<void> {
    const topics = [...new Set(this.assigned.map(({ topic }) => topic))];
    while (generation === this.generation && topics.length > 0) {
      try {
        const committed = await this.offsets.committed(topics);
        if (generation !== this.generation) return;
        this.committed = committed;
        for (const state of this.assigned) {
          const key = keyOf(state.topic, state.partition);
          state.checkpoints.assigned(committed.get(key) ?? null);
        }
        await this.identify(topics);
        if (generation !== this.generation) return;
        this.boundsFetchedAt = -Infinity;
        return;
      } catch (error) {
        this.options.logger.warn(
          { err: error },
          'committed offsets could not be read and will be read again',
        );
        await sleep(RETRY_MS);
      }
    }
  }

  /** Compares the ids of the topics. A broker that gives none leaves the comparison of batches. */
  private async identify(topics: readonly string[]): Promise<void> {
    try {
      const ids = await this.offsets.topicIds(topics);
      for (const { topic, checkpoints } of this.assigned) {
        const id = ids.get(topic);
        if (id !== undefined) checkpoints.identified(id);
      }
    } catch (error) {
      this.options.logger.warn(
        { err: error },
        'the ids of the topics could not be read and will be read again',
      );
    }
  }

  private async checkForever(): Promise<void> {
    const { boundsEveryMs = BOUNDS_INTERVAL_MS } = this.options;
    while (
      await sleep(RETRY_MS, true, { signal: this.stopped.signal, ref: false }).catch(() => false)
    ) {
      if (this.assigned.length === 0 || monotonicMs() - this.boundsFetchedAt < boundsEveryMs)
        continue;
      await this.checkBounds(this.generation).catch((error: unknown) =>
        this.options.logger.debug(
          { err: error },
          'the bounds of the logs could not be read and will be read again',
        ),
      );
      this.boundsFetchedAt = monotonicMs();
    }
  }

  private async checkBounds(generation: number): Promise<void> {
    await this.committedLoaded;
    const askedMs = monotonicMs();
    const topics = [...new Set(this.assigned.map(({ topic }) => topic))];
    await this.identify(topics);
    const bounds = await this.offsets.bounds(topics);
    if (generation !== this.generation) return;
    for (const { topic, partition, checkpoints, checkedAt } of this.assigned) {
      if (monotonicMs() - checkedAt > RECHECK_AFTER_MS) checkpoints.invalidate();
      const log = bounds.get(keyOf(topic, partition));
      // Records received after the request are newer than the response. The response is ignored in
      // this case.
      const decision = log && checkedAt < askedMs ? checkpoints.onBounds(log) : null;
      if (decision?.kind === 'refetch') this.options.seek(topic, partition, decision.offset);
    }
    this.options.onBounds(bounds, (key) => this.committed.get(key)?.offset ?? null);
  }
}
