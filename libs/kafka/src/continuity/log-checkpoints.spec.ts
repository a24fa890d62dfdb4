import fc from 'fast-check';
import {
  formatCheckpoint,
  LogCheckpoints,
  type FetchedBatchContext,
  parseCheckpoint,
  type CommittedCheckpoint,
  type LogCheckpoint,
} from './log-checkpoints.js';

let topics = 0;

/** A log as a broker has it: batches, each with its checksum and the leader epoch in which it was appended. */
class Log {
  readonly batches: LogCheckpoint[] = [];
  start = 0;
  leaderEpoch = 0;
  topicId = idOf(topics++);

  get end(): number {
    return this.batches.at(-1)?.nextOffset ?? this.start;
  }

  append(size: number): void {
    const [firstOffset, { leaderEpoch }] = [this.end, this];
    const checksum = Math.trunc(Math.random() * 2 ** 32);
    this.batches.push({ firstOffset, nextOffset: firstOffset + size, checksum, leaderEpoch });
  }

  /** A broker that comes back without its last batches. */
  truncate(batches: number): void {
    this.batches.splice(this.batches.length - batches, batches);
    this.leaderEpoch++;
  }

  /** The topic is deleted and created again. */
  wipe(): void {
    this.topicId = idOf(topics++);
    this.batches.length = 0;
    this.start = 0;
    this.leaderEpoch = 0;
  }

  expire(batches: number): void {
    const gone = this.batches.splice(0, Math.min(batches, this.batches.length));
    this.start = gone.at(-1)?.nextOffset ?? this.start;
  }

  /** Its records. */
  get records(): string[] {
    return this.batches.flatMap((batch) => recordsOf(batch));
  }

  /** From this offset on, in the middle of a batch too; from the beginning where there is no such offset, as kafkajs does. */
  fetch(offset: number): FetchedBatchContext[] {
    const at = offset < this.start || offset > this.end ? this.start : offset;
    return this.batches
      .filter(({ nextOffset }) => nextOffset > at)
      .map((batch) => ({
        ...batch,
        firstRecord: Math.max(batch.firstOffset, at),
        logStart: this.start,
      }));
  }
}

function idOf(topic: number): string {
  return topic.toString(16).padStart(32, '0');
}

/** Of a batch from this offset on, named so that no two logs have the same. */
function recordsOf({ firstOffset, nextOffset, checksum }: LogCheckpoint, from = 0): string[] {
  const first = Math.max(firstOffset, from);
  return Array.from({ length: nextOffset - first }, (_, n) => `${checksum} ${first + n}`);
}

/** Consumes a log as BatchServer does. */
class Reader {
  position = 0;
  /** The group's offset and its metadata, as the broker keeps them. */
  committed: { readonly offset: number; readonly metadata: string | null } | null = null;
  readonly read = new Set<string>();
  readonly losses: (readonly [consumedTo: number, from: number])[] = [];
  readonly checkpoints = new LogCheckpoints(
    (consumedTo, from) => void this.losses.push([consumedTo, from]),
  );

  catchUp(log: Log, batches = Infinity): void {
    for (let round = 0; round < 100; round++) {
      const found = log.fetch(this.position);
      const first = found[0];
      if (!first) break;
      const decision = this.checkpoints.onFetched(first, log.end);
      if (decision.kind === 'refetch') {
        this.position = decision.offset;
        continue;
      }
      const fresh = found.filter(({ nextOffset }) => nextOffset > decision.from).slice(0, batches);
      for (const batch of fresh) {
        const from = Math.max(batch.firstRecord, decision.from);
        recordsOf(batch, from).forEach((record) => this.read.add(record));
        this.checkpoints.consumed(batch);
      }
      const last = fresh.at(-1) ?? first;
      this.position = last.nextOffset;
      const metadata = metadataOf(this.checkpoints.checkpointAt(this.position));
      if (fresh.length > 0) this.committed = { offset: this.position, metadata };
      if (this.position === log.end || batches !== Infinity) return;
    }
    this.lookAtBounds(log);
  }

  /** Reads the topic's id and the bounds, as a group member does from time to time. */
  lookAtBounds(log: Log): void {
    this.checkpoints.invalidate();
    this.checkpoints.identified(log.topicId);
    const decision = this.checkpoints.onBounds({ start: log.start, end: log.end });
    if (decision?.kind === 'refetch') this.position = decision.offset;
  }
}

describe('LogCheckpoints', () => {
  const given = (...sizes: number[]) => {
    const [log, reader] = [new Log(), new Reader()];
    sizes.forEach((size) => log.append(size));
    reader.checkpoints.assigned(null);
    reader.checkpoints.identified(log.topicId);
    return { log, reader };
  };

  /** All records of the log are read; `losses`: consumed end and restart of each reported loss. */
  const expectWhole = (log: Log, { read, losses }: Reader, ...expected: Reader['losses']) => {
    expect(log.records.filter((record) => !read.has(record))).toEqual([]);
    expect(losses).toEqual(expected);
  };

  it('goes on without a refetch while nothing has happened to the log', () => {
    const { log, reader } = given(3, 2);
    reader.catchUp(log);
    log.append(4);

    expect(reader.checkpoints.onFetched(log.fetch(5)[0] as FetchedBatchContext, log.end)).toEqual({
      kind: 'process',
      from: 0,
    });
  });

  it('reads what was appended in place of what a broker has lost, from where the log is still the same', () => {
    const { log, reader } = given(3, 2, 5);
    reader.catchUp(log);
    log.truncate(1);
    log.append(9);
    log.append(1);

    reader.catchUp(log);

    expectWhole(log, reader, [10, 5]);
  });

  it('reads all of a batch that lies where another one was compared', () => {
    const { log, reader } = given(2);
    reader.catchUp(log);
    log.wipe();
    log.append(2);

    reader.catchUp(log); // finds nothing behind what it has read, and compares
    reader.catchUp(log);

    expectWhole(log, reader, [2, 0]);
  });

  it.each(['while it reads on', 'by its successor'])(
    'reads a topic whole that was created again and has grown between two fetches: noticed %s',
    (by) => {
      const { log, reader: first } = given(1, 1, 1);
      first.catchUp(log);
      log.wipe();
      for (let n = 0; n < 5; n++) log.append(1);
      first.catchUp(log, 1); // fetches at offset 3, and a batch is there
      expect(first.losses).toEqual([]);

      const reader = by === 'by its successor' ? successorOf(first, log) : first;
      reader.lookAtBounds(log);
      reader.catchUp(log);

      expectWhole(log, reader, [4, 0]);
    },
  );

  it('reports a loss though nothing was appended since', () => {
    const { log, reader } = given(3, 2, 5);
    reader.catchUp(log);
    log.truncate(2);

    expect(reader.checkpoints.onBounds({ start: 0, end: log.end })).toEqual({
      kind: 'refetch',
      offset: 2,
    });
    reader.position = 2;
    reader.catchUp(log);
    expect(reader.losses).toEqual([[10, 3]]);
  });

  it('notices a loss during a comparison that no record answers', () => {
    const { log, reader } = given(2);
    reader.catchUp(log);
    reader.catchUp(log); // compares with the last record
    log.truncate(1);
    log.append(1); // the log ends where the comparison waits
    reader.catchUp(log);
    reader.catchUp(log);

    expectWhole(log, reader, [2, 0]);
  });

  it('notices a loss behind a comparison that found no difference', () => {
    const { log, reader } = given(2, 1);
    reader.catchUp(log);
    reader.catchUp(log); // has nothing to read, and compares
    reader.catchUp(log, 1);
    log.truncate(2);
    log.append(3);
    log.append(1);
    reader.catchUp(log);

    expectWhole(log, reader, [3, 0]);
  });

  it('reports no loss when a broker came back with everything', () => {
    const { log, reader } = given(3, 2);
    reader.catchUp(log);
    log.leaderEpoch++;
    log.append(1);
    reader.catchUp(log, 1);
    log.append(1);
    reader.catchUp(log);

    expect([reader.losses, reader.position]).toEqual([[], 7]);
  });

  it('reports a loss when records were removed before they were read, and not when after', () => {
    const { log, reader } = given(3, 2, 5);
    reader.catchUp(log, 1);
    log.expire(1);
    reader.catchUp(log, 1);
    expect(reader.losses).toEqual([]);

    log.expire(2);
    log.append(1);
    reader.catchUp(log);
    expect(reader.losses).toEqual([[5, 10]]);
  });

  it('reports no loss when an operator sets the group back', () => {
    const { log, reader } = given(3, 2);
    reader.catchUp(log);
    reader.checkpoints.assigned({ offset: 0, checkpoint: null });
    reader.position = 0;

    expect(reader.checkpoints.onFetched(log.fetch(0)[0] as FetchedBatchContext, log.end)).toEqual({
      kind: 'process',
      from: 0,
    });
  });

  const step = fc.oneof(
    fc.record({ kind: fc.constant('append' as const), size: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ kind: fc.constant('read' as const), batches: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant('truncate' as const), batches: fc.integer({ min: 1, max: 6 }) }),
    fc.record({ kind: fc.constant('wipe' as const) }),
    fc.record({
      kind: fc.constant('recreate' as const),
      sizes: fc.array(fc.integer({ min: 1, max: 5 })),
    }),
    fc.record({ kind: fc.constant('move' as const) }),
  );

  it('never leaves out what is in the log, whatever a broker loses and whoever consumes it', () =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const log = new Log();
        let reader = new Reader();
        reader.checkpoints.assigned(null);
        reader.checkpoints.identified(log.topicId);
        for (const one of [...steps, { kind: 'append' as const, size: 1 }]) {
          if (one.kind === 'append') log.append(one.size);
          if (one.kind === 'read') reader.catchUp(log, one.batches);
          if (one.kind === 'truncate') log.truncate(Math.min(one.batches, log.batches.length));
          if (one.kind === 'wipe') {
            log.wipe();
            reader.checkpoints.assigned(null); // a topic that is deleted takes its committed offsets along, and the group rebalances
            [reader.position, reader.committed] = [0, null];
          }
          if (one.kind === 'recreate') {
            log.wipe(); // between two fetches: the client notices nothing
            one.sizes.forEach((size) => log.append(size));
          }
          if (one.kind === 'move') reader = successorOf(reader, log);
        }
        for (let n = 0; n < 5; n++) reader.catchUp(log);

        expect(log.records.filter((record) => !reader.read.has(record))).toEqual([]);
      }),
      { numRuns: 1_000 },
    ));
});

/** Another member, which knows what was committed: the offset and its metadata. */
function successorOf(before: Reader, log: Log): Reader {
  const next = new Reader();
  before.read.forEach((record) => next.read.add(record));
  const { offset, metadata } = before.committed ?? { offset: 0, metadata: null };
  [next.position, next.committed] = [offset, before.committed];
  const checkpoint = parseCheckpoint(metadata);
  next.checkpoints.assigned(before.committed && { offset, checkpoint });
  next.checkpoints.identified(log.topicId);
  return next;
}

function metadataOf(checkpoint: CommittedCheckpoint | null): string | null {
  return checkpoint && formatCheckpoint(checkpoint);
}
