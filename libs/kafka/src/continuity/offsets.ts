import { setTimeout as sleep } from 'node:timers/promises';
import { parseCheckpoint, type LogBounds, type LogCheckpoint } from './log-checkpoints.js';
import type { LogAdmin, RecordLog } from '../port/record-log.js';

const TIMEOUT_MS = 4_000;

export interface CommittedOffset {
  readonly offset: number;
  readonly checkpoint: LogCheckpoint | null;
}

export function keyOf(topic: string, partition: number): string {
  return `${topic} ${partition}`;
}

/**
 * Reads log bounds and the committed offsets of a group from Kafka. Throws if Kafka does not answer
 * in time.
 */
export class Offsets {
  private admin: Promise<LogAdmin> | null = null;

  constructor(
    private readonly log: RecordLog,
    private readonly groupId: string,
  ) {}

  /** Committed offsets by partition; partitions without a committed offset are left out. */
  committed(topics: readonly string[]): Promise<Map<string, CommittedOffset>> {
    return this.ask(async (admin) => {
      const rows = (await admin.committed(this.groupId, topics)).filter(
        ({ offset }) => offset >= 0,
      );
      return new Map(
        rows.map(({ topic, partition, offset, metadata }) => [
          keyOf(topic, partition),
          { offset, checkpoint: parseCheckpoint(metadata, this.log.batchesKnownBy) },
        ]),
      );
    });
  }

  bounds(topics: readonly string[]): Promise<Map<string, LogBounds>> {
    return this.ask(async (admin) => {
      const answer = await admin.bounds(topics);
      return new Map(
        [...answer].flatMap(([topic, partitions]) =>
          partitions.map(({ partition, start, end }): [string, LogBounds] => [
            keyOf(topic, partition),
            { start, end },
          ]),
        ),
      );
    });
  }

  close(): void {
    const old = this.admin;
    this.admin = null;
    old?.then((admin) => admin.disconnect()).catch(() => undefined);
  }

  private async ask<T>(work: (admin: LogAdmin) => Promise<T>): Promise<T> {
    const done = new AbortController();
    const timeout = sleep(TIMEOUT_MS, undefined, { signal: done.signal }).then(() =>
      Promise.reject(new Error('Kafka did not answer a request for offsets in time')),
    );
    timeout.catch(() => undefined);
    try {
      return await Promise.race([this.connected().then(work), timeout]);
    } catch (error) {
      this.close();
      throw error;
    } finally {
      done.abort();
    }
  }

  private connected(): Promise<LogAdmin> {
    this.admin ??= this.connect();
    return this.admin;
  }

  private async connect(): Promise<LogAdmin> {
    const admin = this.log.admin({ retries: 2 });
    await admin.connect();
    return admin;
  }
}
