import { Registry } from 'prom-client';
import { Check } from './check.js';
import { registerCheck } from './check-gauges.js';

describe('the metrics of the checks', () => {
  const value = async (metrics: Registry, name: string) =>
    (await metrics.getSingleMetric(name)?.get())?.values.map(({ labels, value: one }) => [
      labels['check'],
      one,
    ]);

  it('have the last completion of each check by this process, and its interval', async () => {
    const metrics = new Registry();
    let now = 0;
    const record = new Check({ name: 'record', everyMs: 60_000 }, () => now);
    const book = new Check({ name: 'book', everyMs: 20_000 }, () => now);
    registerCheck(record, metrics);
    registerCheck(book, metrics);
    now = 90_000;
    book.completed();
    const present = Date.now() / 1_000;

    expect(await value(metrics, 'sluice_check_last_completed_timestamp_seconds')).toEqual([
      ['record', expect.closeTo(present - 90, 0)],
      ['book', expect.closeTo(present, 0)],
    ]);
    expect(await value(metrics, 'sluice_check_interval_seconds')).toEqual([
      ['record', 60],
      ['book', 20],
    ]);
  });
});
