import { CONSUMES_NOTHING } from '../metrics/kafka-gauges.js';
import { consumption } from './consumption.js';

const NOTES = (partition: number, lag: number | null) => ({ topic: 'notes', partition, lag });

describe('the consumption of a service', () => {
  const of = (lags: ReturnType<typeof NOTES>[], faults: readonly string[] = []) =>
    consumption({
      corruptBatches: () => new Map([['notes', 0]]),
      faults: () => faults,
      lags: () => lags,
    });

  it('sums the waiting records of a topic', () =>
    expect(of([NOTES(0, 3), NOTES(1, 0), NOTES(2, 9)])).toEqual({
      topics: [{ topic: 'notes', partitions: 3, waiting: 12 }],
      faults: [],
    }));

  it.each([
    ['one partition is not measured', [NOTES(0, 3), NOTES(1, null)], 2],
    ['no partition is read here', [], 0],
  ])('knows no sum when %s', (_when, lags, partitions) =>
    expect(of(lags).topics).toEqual([{ topic: 'notes', partitions, waiting: null }]),
  );

  it('has the faults of the consumer', () =>
    expect(of([], ['kafka: no member']).faults).toEqual(['kafka: no member']));

  it('is empty for a service that reads no topic', () =>
    expect(consumption(CONSUMES_NOTHING)).toEqual({ topics: [], faults: [] }));
});
