import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { PARTITIONS } from '@sluice/stack';
import {
  withKafkaAdmin,
  type KafkaAccess,
  deleteRecords,
  insistently,
  recreateTopic,
} from '@sluice/test-servers';
import type { Admin } from 'kafkajs';

const BATCH_HEADER = 61;

/** Faults of the broker's log, by the admin API or by changes of the log files. */
export class Log {
  constructor(
    private readonly access: KafkaAccess,
    private readonly folder: string,
  ) {}

  deleteRecords(topic: string): Promise<void> {
    return deleteRecords(this.access, topic);
  }

  recreate(topic: string): Promise<void> {
    return recreateTopic(this.access, topic);
  }

  /** Resets a group without members: the group reads the topics from the earliest record. */
  async resetGroup(groupId: string, topics: readonly string[]): Promise<void> {
    await this.admin(async (admin) => {
      // Waits for killed members to expire (KAFKA_SESSION_MS): the group cannot be changed earlier.
      for (const topic of topics)
        await insistently(() => admin.resetOffsets({ groupId, topic, earliest: true }));
    });
  }

  /** End offset of each partition. */
  async endsOf(topic: string): Promise<ReadonlyMap<number, string>> {
    return this.admin(
      async (admin) =>
        new Map(
          (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, high]),
        ),
    );
  }

  /**
   * Changes a digit of the newest amount in the first partition with an amount. Returns the place
   * of the change, or undefined if no record has an amount.
   */
  flipDigit(topic: string, partitions: readonly number[]): string | undefined {
    for (const file of partitions.flatMap((partition) => this.segments(topic, partition))) {
      const content = readFileSync(file);
      const at = lastAmountDigit(content);
      if (at === undefined) continue;
      const digit = content[at] ?? 0;
      writeAt(file, at, Buffer.from([digit === 0x39 ? 0x38 : digit + 1]));
      return `${file.split('/').slice(-2).join('/')} at ${at}: ${String.fromCharCode(digit)} → ${digit === 0x39 ? '8' : String.fromCharCode(digit + 1)}`;
    }
    return undefined;
  }

  /** Cuts off the last batch of every partition of the topic, as a power cut does before the disk has it. The broker must be down. */
  cutTails(topic: string): number {
    let cut = 0;
    for (const file of this.segments(topic)) {
      const last = lastBatchStart(file);
      if (last === undefined) continue;
      truncateSync(file, last);
      cut += 1;
    }
    return cut;
  }

  /** Newest log file of each partition, or of the given partition. */
  private segments(topic: string, only?: number): string[] {
    const all = Array.from({ length: PARTITIONS }, (_, partition) => `${topic}-${partition}`);
    const folders = (only === undefined ? all : [`${topic}-${only}`]).filter((name) =>
      existsSync(join(this.folder, name)),
    );
    return folders.flatMap((folder) => {
      const files = readdirSync(join(this.folder, folder)).filter((name) => name.endsWith('.log'));
      const newest = files.sort().at(-1);
      const file = newest && join(this.folder, folder, newest);
      return file && existsSync(file) ? [file] : [];
    });
  }

  private admin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    return withKafkaAdmin(this.access, work);
  }
}

/** Position of the first digit of the last `"amount":"…"`; record text is not compressed. */
export function lastAmountDigit(content: Buffer): number | undefined {
  const mark = Buffer.from('"amount":"');
  const at = content.lastIndexOf(mark);
  if (at === -1) return undefined;
  const end = content.indexOf(0x22, at + mark.length);
  const first = at + mark.length;
  return end > first ? first : undefined;
}

/** Start of the last complete batch of a segment; undefined for a segment without a batch. */
function lastBatchStart(file: string): number | undefined {
  const handle = openSync(file, 'r');
  try {
    const { size } = fstatSync(handle);
    const header = Buffer.alloc(BATCH_HEADER);
    let last: number | undefined;
    for (let at = 0; at + BATCH_HEADER <= size;) {
      readSync(handle, header, 0, BATCH_HEADER, at);
      // the length field excludes the 12 bytes of base offset and length
      const length = header.readInt32BE(8) + 12;
      if (length <= 12 || at + length > size) break;
      last = at;
      at += length;
    }
    return last;
  } finally {
    closeSync(handle);
  }
}

function writeAt(file: string, at: number, bytes: Buffer): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, bytes, 0, bytes.length, at);
  closeSync(handle);
}
