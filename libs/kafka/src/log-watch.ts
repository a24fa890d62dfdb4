import { monotonicMs } from '@sluice/clock';
import type { Kafka } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import { LogMarks, textOfMark, type LogBounds, type Verdict } from './log-marks.js';
import type { Logger } from './logger.js';
import { keyOf, Offsets, type Committed } from './offsets.js';
import type { BatchContext, FetchedMessage } from './wire/fetched-record.js';

const LOOK_MS = 5_000;
const AGAIN_MS = 1_000;
/** A partition of which nothing came for so long is compared again: a broker may have gone and come. */
const DOUBT_MS = 10_000;

export interface LogWatchOptions {
  readonly kafka: Kafka;
  readonly groupId: string;
  readonly logger: Logger;
  /** Fetches from another offset. */
  readonly seek: (topic: string, partition: number, offset: number) => void;
  /** Called with what Kafka says of the logs that are ours, about every five seconds. */
  readonly onBounds: (
    bounds: ReadonlyMap<string, LogBounds>,
    committedTo: (key: string) => number | null,
  ) => void;
  /** A log had lost what was consumed, or removed what was not: messages of this topic may be gone. */
  readonly onLoss: (topic: string) => void;
}

interface Part {
  readonly topic: string;
  readonly partition: number;
  readonly marks: LogMarks;
  judgedAt: number;
}

/** Watches whether the logs that are consumed are still those that were consumed. */
export class LogWatch {
  private readonly parts = new Map<string, Part>();
  private assigned: readonly Part[] = [];
  private known: Promise<void> = Promise.resolve();
  private committed: ReadonlyMap<string, Committed> = new Map();
  private term = 0;
  private readonly offsets: Offsets;
  private readonly stopped = new AbortController();
  private readonly lossesOf = new Map<string, number>();
  private lookedAt = -Infinity;

  constructor(private readonly options: LogWatchOptions) {
    this.offsets = new Offsets(options.kafka, options.groupId);
  }

  start(): void {
    void this.lookForever();
  }

  stop(): void {
    this.stopped.abort();
    this.unassigned();
    this.offsets.close();
  }

  /** What the group has consumed, before kafkajs looks: where its offset is outside of the log it sets another one, and the note beside it is gone. */
  async recall(topics: readonly string[]): Promise<void> {
    try {
      for (const [key, committed] of await this.offsets.committed(topics)) {
        const at = key.lastIndexOf(' ');
        this.partitionOf(key.slice(0, at), Number(key.slice(at + 1))).marks.assigned(committed);
      }
    } catch (error) {
      this.options.logger.warn(
        { err: error },
        'it is not known yet what the group has consumed, will be asked when it has met',
      );
    }
  }

  /** The group has met, and these partitions are ours. Until it is known what was committed for them, nothing of them is judged. */
  joined(assignment: Readonly<Record<string, readonly number[]>>): void {
    this.term++;
    this.assigned = Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => this.partitionOf(topic, partition)),
    );
    this.known = this.learn(this.term);
  }

  unassigned(): void {
    this.term++;
    this.assigned = [];
  }

  /** When it is known what was committed. */
  ready(): Promise<void> {
    return this.known;
  }

  judge(topic: string, partition: number, first: BatchContext, end: number): Verdict {
    const part = this.partitionOf(topic, partition);
    part.judgedAt = monotonicMs();
    return part.marks.arrived(first, end);
  }

  /** Each batch whose records these are, once. */
  consumed(topic: string, partition: number, records: readonly FetchedMessage[]): void {
    const { marks } = this.partitionOf(topic, partition);
    let before: BatchContext | undefined;
    for (const { batchContext } of records) {
      if (batchContext && batchContext !== before) marks.consumed(batchContext);
      before = batchContext;
    }
  }

  /** What is to be kept beside the committed offset. */
  note(topic: string, partition: number, next: number): string | null {
    const mark = this.partitionOf(topic, partition).marks.markAt(next);
    return mark && textOfMark(mark);
  }

  /** Losses since this process began, by topic. */
  losses(): ReadonlyMap<string, number> {
    return this.lossesOf;
  }

  private partitionOf(topic: string, partition: number): Part {
    const key = keyOf(topic, partition);
    const marks = () =>
      new LogMarks((consumedTo, from) => this.lost(topic, partition, consumedTo, from));
    const part: Part = this.parts.get(key) ?? {
      topic,
      partition,
      marks: marks(),
      judgedAt: monotonicMs(),
    };
    this.parts.set(key, part);
    return part;
  }

  private lost(topic: string, partition: number, consumedTo: number, from: number): void {
    this.lossesOf.set(topic, (this.lossesOf.get(topic) ?? 0) + 1);
    this.options.logger.error(
      { topic, partition, consumedTo, from },
      'the log is not the one that was consumed: records are lost, and it is read again from where it is known',
    );
    this.options.onLoss(topic);
  }

  private async learn(term: number): Promise<void> {
    const topics = [...new Set(this.assigned.map(({ topic }) => topic))];
    while (term === this.term && topics.length > 0) {
      try {
        const committed = await this.offsets.committed(topics);
        if (term !== this.term) return;
        this.committed = committed;
        for (const { topic, partition, marks } of this.assigned)
          marks.assigned(committed.get(keyOf(topic, partition)) ?? null);
        this.lookedAt = -Infinity;
        return;
      } catch (error) {
        this.options.logger.warn(
          { err: error },
          'it is not known yet what the group has consumed, will be asked again',
        );
        await sleep(AGAIN_MS);
      }
    }
  }

  private async lookForever(): Promise<void> {
    while (
      await sleep(AGAIN_MS, true, { signal: this.stopped.signal, ref: false }).catch(() => false)
    ) {
      if (this.assigned.length === 0 || monotonicMs() - this.lookedAt < LOOK_MS) continue;
      await this.look(this.term).catch((error: unknown) =>
        this.options.logger.debug(
          { err: error },
          'the ends of the logs are not known, will be asked again',
        ),
      );
      this.lookedAt = monotonicMs();
    }
  }

  private async look(term: number): Promise<void> {
    await this.known;
    const bounds = await this.offsets.bounds([...new Set(this.assigned.map(({ topic }) => topic))]);
    if (term !== this.term) return;
    for (const part of this.assigned) {
      const { topic, partition, marks } = part;
      if (monotonicMs() - part.judgedAt > DOUBT_MS) marks.doubt();
      const of = bounds.get(keyOf(topic, partition));
      const verdict = of && marks.bounded(of);
      if (verdict?.kind === 'look') this.options.seek(topic, partition, verdict.at);
    }
    this.options.onBounds(bounds, (key) => this.committed.get(key)?.offset ?? null);
  }
}
