import { monotonicMs } from '@sluice/runtime';
import type { LogBounds } from '../continuity/log-checkpoints.js';
import { keyOf } from '../continuity/offsets.js';

/** Bounds are read every 10 or 15 s; an idle partition is reported within 20 s. */
const IDLE_AFTER_MS = 5_000;
const SLOW_AFTER_MS = 10_000;

interface PartitionProgress {
  readonly topic: string;
  readonly partition: number;
  /** First unprocessed offset; null until known. */
  next: number | null;
  /** Null until the bounds of the log are read. */
  lag: number | null;
  /** Since when records have been seen waiting at this offset. */
  idleSince: number | null;
  workSince: number | null;
}

/** Records of a partition that wait for this process. */
export interface PartitionLag {
  readonly topic: string;
  readonly partition: number;
  /** Null until the lag is measured. */
  readonly lag: number | null;
}

/** Lag and progress by partition. `faults()` names partitions with records waiting unprocessed. */
export class Progress {
  private parts = new Map<string, PartitionProgress>();

  constructor(private readonly now: () => number = monotonicMs) {}

  assigned(assignment: Readonly<Record<string, readonly number[]>>): void {
    this.parts = new Map(
      Object.entries(assignment).flatMap(([topic, partitions]) =>
        partitions.map((partition): [string, PartitionProgress] => [
          keyOf(topic, partition),
          { topic, partition, next: null, lag: null, idleSince: null, workSince: null },
        ]),
      ),
    );
  }

  began(topic: string, partition: number): void {
    const part = this.parts.get(keyOf(topic, partition));
    if (part) part.workSince = this.now();
  }

  ended(topic: string, partition: number): void {
    const part = this.parts.get(keyOf(topic, partition));
    if (part) [part.workSince, part.idleSince] = [null, null];
  }

  moved(topic: string, partition: number, next: number): void {
    const part = this.parts.get(keyOf(topic, partition));
    if (part)
      [part.lag, part.next, part.idleSince] = [
        part.lag === null ? null : Math.max(part.lag - (next - (part.next ?? next)), 0),
        next,
        null,
      ];
  }

  /** `committed` returns the group's offset for partitions without any received batch. */
  measured(
    bounds: ReadonlyMap<string, LogBounds>,
    committed: (key: string) => number | null,
  ): void {
    for (const [key, part] of this.parts) {
      const log = bounds.get(key);
      if (!log) continue;
      part.next ??= committed(key);
      part.lag = Math.max(log.end - Math.max(part.next ?? log.start, log.start), 0);
      part.idleSince = part.lag === 0 ? null : (part.idleSince ?? this.now());
    }
  }

  /** `isStopped`: partitions to leave out, since they are stopped on purpose. */
  faults(isStopped: (topic: string, partition: number) => boolean): string[] {
    const now = this.now();
    const parts = [...this.parts.values()].filter(
      ({ topic, partition }) => !isStopped(topic, partition),
    );
    return parts.flatMap(({ topic, partition, lag, idleSince, workSince }) => {
      if (workSince !== null) {
        const ms = Math.round(now - workSince);
        return ms > SLOW_AFTER_MS
          ? [`kafka: a batch of ${topic}, partition ${partition}, has been under way for ${ms} ms`]
          : [];
      }
      const ms = idleSince === null ? 0 : Math.round(now - idleSince);
      return ms > IDLE_AFTER_MS
        ? [
            `kafka: ${lag} records wait in ${topic}, partition ${partition}, and none came for ${ms} ms`,
          ]
        : [];
    });
  }

  lags(): readonly PartitionLag[] {
    return [...this.parts.values()].map(({ topic, partition, lag }) => ({ topic, partition, lag }));
  }
}
