import { DeadLetters, type NewDeadLetter } from './dead-letters.js';
import { givenDatabase } from './testkit/given-database.js';

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

  it('publishes a replayed message once, as it came', async () => {
    await deadLetters.add(LETTER);
    const id = (await deadLetters.list())[0]?.id ?? '';

    const answers = await Promise.all([
      deadLetters.replay(id, db.unitOfWork),
      deadLetters.replay(id, db.unitOfWork),
    ]);

    expect(answers.sort()).toEqual([false, true]);
    expect(db.committedRows.flatMap(({ messages }) => messages)).toEqual([
      { topic: 'notes', key: 'k', orderingKey: 'k', headers: { ce_id: 'm1' }, value: '{"a":1}' },
    ]);
    expect(await deadLetters.list()).toEqual([]);
    expect(await deadLetters.list({ all: true })).toHaveLength(1);
  });

  it('keeps bytes that are not text through the outbox', async () => {
    const bytes = Buffer.from([0x7b, 0x00, 0xff, 0xc3, 0x28, 0x7d]);
    await deadLetters.add({
      ...LETTER,
      value: bytes.toString('base64'),
      encoding: 'base64',
    });
    await deadLetters.replay((await deadLetters.list())[0]?.id ?? '', db.unitOfWork);
    const other = await db.start();
    await db.database.query(
      `UPDATE outbox SET touched_at = clock_timestamp() - interval '1 minute'`,
    );

    const [adopted] = await other.outbox.adopt();

    const sent = [db.committedRows[0]?.messages[0], adopted?.messages[0]];
    expect(
      sent.map((message) => message?.encoding === 'base64' && Buffer.from(message.value, 'base64')),
    ).toEqual([bytes, bytes]);
  });

  it('that is dismissed waits no longer, is kept with who said so and why, and is not replayed', async () => {
    await deadLetters.add(LETTER);
    const id = (await deadLetters.list())[0]?.id ?? '';

    expect(await deadLetters.dismiss(id, 'R. Ortiz', 'rubbish')).toBe(true);

    expect(await deadLetters.list()).toEqual([]);
    expect(await deadLetters.dismiss(id, 'L. Weber', 'rubbish')).toBe(false);
    expect(await deadLetters.replay(id, db.unitOfWork)).toBe(false);
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
