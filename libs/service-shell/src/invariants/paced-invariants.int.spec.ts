import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { monotonicMs } from '@sluice/runtime';
import { Database, migrate, PLATFORM_SCHEMA } from '@sluice/postgres';
import { asOwner, TEST_LOGIN, testDatabase } from '@sluice/test-servers';
import { PacedInvariants } from './paced-invariants.js';

const SLOW = `-- slow: no row is bad
SELECT id FROM looked_at WHERE is_bad AND pg_sleep(0.3) IS NOT NULL
UNION ALL SELECT -1 FROM pg_sleep(0.3) WHERE false`;

describe('the pace of looking at the invariants', () => {
  let database: Database;
  let folder: URL;
  beforeAll(async () => {
    const url = await testDatabase('paced');
    await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: PLATFORM_SCHEMA });
    database = await Database.open({ url: asOwner(url), name: 'test' });
    const path = mkdtempSync(join(tmpdir(), 'invariants-'));
    writeFileSync(join(path, 'slow.sql'), SLOW);
    folder = pathToFileURL(`${path}/`);
  });
  beforeEach(() =>
    database.query(
      'DROP TABLE IF EXISTS looked_at; CREATE TABLE looked_at (id int, is_bad boolean)',
    ),
  );
  afterAll(() => database.close());

  const plant = (id: number) => database.query('INSERT INTO looked_at VALUES ($1, true)', [id]);
  const given = () => new PacedInvariants({ folders: [folder], newest: { looked_at: 'id > 100' } });
  const found = async (paced: PacedInvariants) =>
    (await paced.look(database)).map(({ invariant, rows }) => [invariant, rows]);

  it('is over all rows at first, and what it took long to look at is looked at by its newest rows in between', async () => {
    const paced = given();
    await plant(1);
    expect(await found(paced)).toEqual([['slow: no row is bad', [{ id: 1 }]]]);

    await plant(2); // an old one is found by the next look over all
    await plant(101);
    expect(await found(paced)).toEqual([['slow: no row is bad', [{ id: 1 }, { id: 101 }]]]);
    expect(await found(given())).toEqual([
      ['slow: no row is bad', [{ id: 1 }, { id: 2 }, { id: 101 }]],
    ]);
  });

  it('begins no full check late in a run, and begins it first in the next', async () => {
    const paced = given();
    await plant(1);
    const { now } = performance;
    let calls = 0;
    // the time of the run is the first call
    performance.now = () => now.call(performance) + (calls++ === 0 ? 0 : 11_000);
    try {
      expect(await found(paced)).toEqual([]);
    } finally {
      performance.now = now;
    }

    expect(await found(paced)).toEqual([['slow: no row is bad', [{ id: 1 }]]]);
  });

  it('rests after a query that took long, until the process ends', async () => {
    await plant(1);
    const begunAt = monotonicMs();
    await given().look(database);
    expect(monotonicMs() - begunAt).toBeGreaterThan(4 * 300 - 50);

    await expect(given().look(database, AbortSignal.abort())).rejects.toThrow('aborted');
  });
});
