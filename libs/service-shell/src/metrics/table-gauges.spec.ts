import { Registry } from 'prom-client';
import { registerTableGauges } from './table-gauges.js';

const BY_STATE = {
  name: 'things',
  help: 'things by state',
  labels: ['state'],
  sql: 'SELECT state, value',
};
const ALL = { name: 'all', help: 'all things', labels: [], sql: 'SELECT value' };

function given(answers: Readonly<Record<string, () => Promise<object[]>>>) {
  const metrics = new Registry();
  registerTableGauges(
    { query: <R>(sql: string) => (answers[sql]?.() ?? Promise.resolve([])) as Promise<R[]> },
    [BY_STATE, ALL],
    metrics,
  );
  return async () =>
    (await metrics.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('gauges of tables', () => {
  it('have the values of the rows at the moment of the scrape, and forget rows that have gone', async () => {
    let rows = [
      { state: 'open', value: 2 },
      { state: 'done', value: 5 },
    ];
    const scrape = given({
      [BY_STATE.sql]: () => Promise.resolve(rows),
      [ALL.sql]: () => Promise.resolve([{ value: 7 }]),
    });

    expect(await scrape()).toEqual(['things{state="open"} 2', 'things{state="done"} 5', 'all 7']);
    rows = [{ state: 'done', value: 7 }];
    expect(await scrape()).toEqual(['things{state="done"} 7', 'all 7']);
  });

  it('have no value while the database cannot be asked, and the others are there', async () => {
    const scrape = given({
      [BY_STATE.sql]: () => Promise.reject(new Error('away')),
      [ALL.sql]: () => Promise.resolve([{ value: 7 }]),
    });

    expect(await scrape()).toEqual(['all 7']);
  });

  it('say nothing rather than 0 when the one value is not known', async () => {
    expect(await given({ [ALL.sql]: () => Promise.reject(new Error('away')) })()).toEqual([]);
  });
});
