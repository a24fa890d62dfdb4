import { SkippedBatches } from './dead-letters.js';
import { givenDatabase } from '../testkit/given-database.js';

const POSITION = { topic: 'notes', partition: 3, offset: '8712' };
const FOUND = {
  ...POSITION,
  nextOffset: '8720',
  cause: 'its checksum does not fit',
  bytes: Buffer.from([1, 2, 3]),
};

describe('SkippedBatches', () => {
  let db: Awaited<ReturnType<typeof givenDatabase>>;
  let skipped: SkippedBatches;
  beforeAll(async () => {
    db = await givenDatabase();
    skipped = new SkippedBatches(db.database);
  });
  afterAll(() => db.stop());
  beforeEach(async () => void (await db.database.query('TRUNCATE skipped_batch')));

  it('skip no batch that nobody has decided about', async () => {
    await skipped.decide({ ...POSITION, offset: '8711' }, { by: 'a', evidence: 'e' });

    expect(await skipped.maySkip(FOUND)).toBe(false);
  });

  it('skip the decided one, as often as it is met, and keep its bytes', async () => {
    await skipped.decide(POSITION, { by: 'a', evidence: 'e' });

    expect([await skipped.maySkip(FOUND), await skipped.maySkip(FOUND)]).toEqual([true, true]);
    expect(await skipped.list()).toMatchObject([
      { ...POSITION, by: 'a', evidence: 'e', skippedAt: expect.any(String) as string },
    ]);
    expect(await db.database.query('SELECT bytes, next_offset::text FROM skipped_batch')).toEqual([
      { bytes: FOUND.bytes, next_offset: '8720' },
    ]);
  });

  it('keep the first decision', async () => {
    await skipped.decide(POSITION, { by: 'a', evidence: 'e' });

    expect(await skipped.decide(POSITION, { by: 'b', evidence: 'f' })).toMatchObject({
      by: 'a',
      evidence: 'e',
      skippedAt: null,
    });
  });
});
