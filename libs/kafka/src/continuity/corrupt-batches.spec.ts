import type { CorruptBatch } from '@sluice/postgres';
import { CorruptBatches } from './corrupt-batches.js';

const PARTITION = { topic: 'ledger.events', partition: 5 };
const aBatch = (offset: string): CorruptBatch => ({
  ...PARTITION,
  offset,
  nextOffset: '9',
  cause: 'it ends at offset 9, after the end of the log at 8',
  bytes: Buffer.alloc(0),
});

describe('batches of a log that are found corrupt', () => {
  let errors: object[];
  let pauses: number;
  let corrupt: CorruptBatches;
  beforeEach(() => {
    [errors, pauses] = [[], 0];
    const ignore = () => undefined;
    const logger = { debug: ignore, info: ignore, warn: ignore };
    const undecided = { maySkip: () => Promise.resolve(false) };
    corrupt = new CorruptBatches('ledger', undecided, {
      ...logger,
      error: (fields) => void errors.push(fields),
    });
  });
  afterEach(() => corrupt.clear());
  const pause = () => {
    pauses++;
    return () => undefined;
  };

  it('are fetched again at once, and forgotten when they are whole then', async () => {
    expect(await corrupt.maySkip(aBatch('8'), pause)).toBe(false);
    corrupt.onReadOn(PARTITION.topic, PARTITION.partition);
    expect(await corrupt.maySkip(aBatch('8'), pause)).toBe(false);

    expect({ pauses, errors, faults: corrupt.faults() }).toEqual({
      pauses: 0,
      errors: [],
      faults: [],
    });
  });

  it('stop their partition when they are found so twice, and say it once', async () => {
    for (let n = 0; n < 3; n++) await corrupt.maySkip(aBatch('8'), pause);

    expect(pauses).toBe(2);
    expect(errors).toMatchObject([{ ...PARTITION, offset: '8' }]);
    expect(corrupt.faults()).toEqual([expect.stringContaining('offset 8 of ledger.events')]);
    expect(corrupt.has(PARTITION.topic, PARTITION.partition)).toBe(true);
  });

  it('are each looked at twice', async () => {
    await corrupt.maySkip(aBatch('8'), pause);
    await corrupt.maySkip(aBatch('12'), pause);

    expect({ pauses, errors }).toEqual({ pauses: 0, errors: [] });
  });
});
