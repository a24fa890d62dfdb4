import { SkippedBatches } from './skipped-batches.js';
import { givenDatabase } from './testkit/given-database.js';

const PLACE = { topic: 'notes', partition: 3, offset: '8712' };
const FOUND = {
  ...PLACE,
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

  it('let no batch pass that nobody has decided about', async () => {
    await skipped.decide({ ...PLACE, offset: '8711' }, { by: 'a', evidence: 'e' });

    expect(await skipped.mayPass(FOUND)).toBe(false);
  });

  it('let the decided one pass, as often as it is met, and keep what it was', async () => {
    await skipped.decide(PLACE, { by: 'a', evidence: 'e' });

    expect([await skipped.mayPass(FOUND), await skipped.mayPass(FOUND)]).toEqual([true, true]);
    expect(await skipped.list()).toMatchObject([
      { ...PLACE, by: 'a', evidence: 'e', skippedAt: expect.any(String) as string },
    ]);
    expect(await db.database.query('SELECT bytes, next_offset::text FROM skipped_batch')).toEqual([
      { bytes: FOUND.bytes, next_offset: '8720' },
    ]);
  });

  it('keep the first decision', async () => {
    await skipped.decide(PLACE, { by: 'a', evidence: 'e' });

    expect(await skipped.decide(PLACE, { by: 'b', evidence: 'f' })).toMatchObject({
      by: 'a',
      evidence: 'e',
      skippedAt: null,
    });
  });
});
