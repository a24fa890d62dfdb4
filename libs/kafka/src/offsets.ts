import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Kafka } from 'kafkajs';
import { parseCheckpoint, type LogBounds, type LogCheckpoint } from './log-checkpoints.js';

const TIMEOUT_MS = 4_000;

export interface CommittedOffset {
  readonly offset: number;
  readonly checkpoint: LogCheckpoint | null;
}

export function keyOf(topic: string, partition: number): string {
  return `${topic} ${partition}`;
}

/** Reads from Kafka where its logs begin and end, and the offsets that a group has committed. Throws when there is no answer in time. */
export class Offsets {
  private admin: Promise<Admin> | null = null;

  constructor(
    private readonly kafka: Kafka,
    private readonly groupId: string,
  ) {}

  /** By partition; one without a committed offset is left out. */
  committed(topics: readonly string[]): Promise<Map<string, CommittedOffset>> {
    return this.ask(async (admin) => {
      const answer = await admin.fetchOffsets({ groupId: this.groupId, topics: [...topics] });
      const rows = answer.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset, metadata }): [string, CommittedOffset] => [
          keyOf(topic, partition),
          { offset: Number(offset), checkpoint: parseCheckpoint(metadata) },
        ]),
      );
      return new Map(rows.filter(([, { offset }]) => offset >= 0));
    });
  }

  bounds(topics: readonly string[]): Promise<Map<string, LogBounds>> {
    return this.ask(async (admin) => {
      const answers = await Promise.all(
        topics.map(async (topic) => ({ topic, partitions: await admin.fetchTopicOffsets(topic) })),
      );
      return new Map(
        answers.flatMap(({ topic, partitions }) =>
          partitions.map(({ partition, low, high }): [string, LogBounds] => [
            keyOf(topic, partition),
            { start: Number(low), end: Number(high) },
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

  private async ask<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
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

  private connected(): Promise<Admin> {
    this.admin ??= this.connect();
    return this.admin;
  }

  private async connect(): Promise<Admin> {
    const admin = this.kafka.admin({ retry: { retries: 2 } });
    await admin.connect();
    return admin;
  }
}
