import { DeadLetters, type NewDeadLetter } from './dead-letters.js';
import { givenDatabase } from '../testkit/given-database.js';

const LETTER: NewDeadLetter = {
  topic: 'notes',
  partition: 3,
  offset: '9007199254740993',
  key: 'k',
  headers: { ce_id: 'm1' },
  value: '{"a":1}',
  encoding: 'utf8',
  cause: 'Error: no',
};

describe('DeadLetters', () => {
  let db: Awaited<ReturnType<typeof givenDatabase>>;
  let deadLetters: DeadLetters;
  beforeAll(async () => {
    db = await givenDatabase();
    deadLetters = new DeadLetters(db.database);
  });
  afterAll(() => db.stop());
  beforeEach(async () => {
    await db.database.query('TRUNCATE dead_letter, outbox');
    db.committedRows.length = 0;
  });

  it('keeps a message with its place and cause, once however often it is dead-lettered', async () => {
    await deadLetters.add(LETTER);
    await deadLetters.add(LETTER);

    expect(await deadLetters.list()).toEqual([
      {
        ...LETTER,
        id: expect.any(String) as string,
        deadLetteredAt: expect.any(String) as string,
        replayedAt: null,
      },
    ]);
  });

  it('lists the newest first', async () => {
    for (let offset = 0; offset < 12; offset++)
      await deadLetters.add({ ...LETTER, offset: `${offset}` });

    expect((await deadLetters.list({ limit: 3 })).map(({ offset }) => offset)).toEqual([
      '11',
      '10',
      '9',
    ]);
  });

  it('waits until it was processed, with the newest cause of why it was not', async () => {
    await deadLetters.add(LETTER);
    const id = (await deadLetters.list())[0]?.id ?? '';
    const seen: NewDeadLetter[] = [];
    const replay = (cause: string | null) =>
      deadLetters.replay(id, db.unitOfWork, (letter) => {
        seen.push(letter);
        return Promise.resolve(cause);
      });

    expect(await replay('still no')).toEqual({ kind: 'failed', cause: 'still no' });
    expect(await deadLetters.list()).toMatchObject([{ cause: 'still no', replayedAt: null }]);
    expect(await replay(null)).toEqual({ kind: 'replayed' });
    expect(await replay(null)).toEqual({ kind: 'missing' });
    expect(await deadLetters.list()).toEqual([]);
    expect(await deadLetters.list({ all: true })).toHaveLength(1);
    expect(seen).toEqual([LETTER, { ...LETTER, cause: 'still no' }]);
  });

  it('is processed once, however many ask at the same time', async () => {
    await deadLetters.add(LETTER);
    const id = (await deadLetters.list())[0]?.id ?? '';
    const replay = () => deadLetters.replay(id, db.unitOfWork, () => Promise.resolve(null));

    const answers = await Promise.all([replay(), replay()]);

    expect(answers.map(({ kind }) => kind).sort()).toEqual(['missing', 'replayed']);
  });

  it('waits on where the surroundings failed: nothing is marked before it is done', async () => {
    await deadLetters.add(LETTER);
    const id = (await deadLetters.list())[0]?.id ?? '';

    await expect(
      deadLetters.replay(id, db.unitOfWork, () => Promise.reject(new Error('away'))),
    ).rejects.toThrow('away');

    expect(await deadLetters.list()).toMatchObject([{ cause: LETTER.cause }]);
  });

  it('that is dismissed waits no longer, is kept with who said so and why, and is not replayed', async () => {
    await deadLetters.add(LETTER);
    const id = (await deadLetters.list())[0]?.id ?? '';

    expect(await deadLetters.dismiss(id, 'R. Ortiz', 'rubbish')).toBe(true);

    expect(await deadLetters.list()).toEqual([]);
    expect(await deadLetters.dismiss(id, 'L. Weber', 'rubbish')).toBe(false);
    expect(await deadLetters.replay(id, db.unitOfWork, () => Promise.resolve(null))).toEqual({
      kind: 'missing',
    });
    expect(
      await db.database.query('SELECT dismissed_by, dismissed_because FROM dead_letter'),
    ).toEqual([{ dismissed_by: 'R. Ortiz', dismissed_because: 'rubbish' }]);
    await expect(db.database.query(`UPDATE dead_letter SET dismissed_by = NULL`)).rejects.toThrow(
      'dismissed_with_reason',
    );
    await expect(db.database.query('UPDATE dead_letter SET replayed_at = now()')).rejects.toThrow(
      'replayed_or_dismissed',
    );
  });
});
