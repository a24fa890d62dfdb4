import { LogContinuity } from './log-continuity.js';
import type { FetchedRecord, RecordLog } from '../port/record-log.js';

const TOPIC = 'notes';
const silent = (): void => undefined;
const QUIET = { debug: silent, info: silent, warn: silent, error: silent };

function never(): never {
  throw new Error('nobody asks for this here');
}

function recordAt(offset: number): FetchedRecord {
  const batchContext = {
    firstOffset: offset,
    nextOffset: offset + 1,
    checksum: offset,
    leaderEpoch: 0,
    logStart: 0,
  };
  return { offset: String(offset), key: null, value: null, batchContext };
}

describe('LogContinuity', () => {
  it('does not hold what came while it asked for the end of the log against an older answer', async () => {
    const consume = (offset: number): void => {
      const record = recordAt(offset);
      const decision = continuity.onFetched(TOPIC, 0, record, offset + 1);
      expect(decision).toEqual({ kind: 'process', from: 0 });
      continuity.onConsumed(TOPIC, 0, [record]);
    };
    const log: RecordLog = {
      consumer: never,
      producer: never,
      tail: never,
      readToEnd: never,
      admin: () => ({
        connect: () => Promise.resolve(),
        topics: () => Promise.resolve([TOPIC]),
        committed: () => Promise.resolve([]),
        bounds: () => {
          consume(1);
          return Promise.resolve(new Map([[TOPIC, [{ partition: 0, start: 0, end: 1 }]]]));
        },
        topicIds: () => Promise.resolve(new Map()),
        disconnect: () => Promise.resolve(),
      }),
    };
    const sought: number[] = [];
    const answered = Promise.withResolvers<void>();
    const continuity = new LogContinuity({
      log,
      groupId: 'reader',
      logger: QUIET,
      onLoss: () => undefined,
      seek: (_topic, _partition, offset) => void sought.push(offset),
      onBounds: () => answered.resolve(),
    });
    continuity.onAssigned({ [TOPIC]: [0] });
    await continuity.whenCommittedLoaded();
    consume(0);
    continuity.start();
    await answered.promise;
    continuity.stop();

    expect(continuity.losses()).toEqual(new Map());
    expect(sought).toEqual([]);
  });
});
