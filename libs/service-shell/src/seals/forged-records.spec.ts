import { register } from 'prom-client';
import { countForgedRecord } from './forged-records.js';

describe('sluice_forged_records_total', () => {
  it('begins at 0 for each table, so that the first forgery is an increase', async () => {
    const exposed = () => register.getSingleMetricAsString('sluice_forged_records_total');
    for (const table of ['halt', 'break', 'book_halt', 'approval'])
      expect(await exposed()).toContain(`{table="${table}"} 0`);

    countForgedRecord('halt');
    expect(await exposed()).toContain('{table="halt"} 1');
  });
});
