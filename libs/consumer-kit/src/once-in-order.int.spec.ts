import { withClient, withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import {
  CONSUMER_TABLES_SQL,
  forgetEvents,
  onceInOrder,
  type SequencedEvent,
  type SqlClient,
} from './once-in-order.js';

/** `w1:3` is the third step of w1, with an id of its own; `x` is an event without a place among steps. */
function event(text: string, isGapless = true): SequencedEvent {
  const [subject = '', sequence] = text.split(':');
  return { id: text, subject, sequence: sequence === undefined ? null : +sequence, isGapless };
}
const events = (...texts: readonly string[]) => texts.map((text) => event(text));
const ids = (list: readonly SequencedEvent[]) => list.map(({ id }) => id);

describe('onceInOrder', () => {
  let postgres: TestPostgres;
  let url: string;
  beforeAll(async () => void (postgres = await withTestPostgres()));
  afterAll(() => postgres.stop());
  beforeEach(async () => {
    url = await postgres.createDatabase('consumer');
    await withClient(url, (client) => client.query(CONSUMER_TABLES_SQL));
  });

  const inTransaction = <T>(work: (client: SqlClient) => Promise<T>, end = 'COMMIT'): Promise<T> =>
    withClient(url, async (client) => {
      await client.query('BEGIN');
      const done = await work(client);
      await client.query(end);
      return done;
    });
  const take = async (...texts: readonly string[]) => {
    const sorted = await inTransaction((client) => onceInOrder(client, 'me', events(...texts)));
    const { fresh, late, duplicates, gaps } = sorted;
    return {
      fresh: ids(fresh),
      late: ids(late),
      duplicates: ids(duplicates),
      gaps: gaps.map(({ subject, after, before }) => `${subject} ${after}..${before}`),
    };
  };

  it('hands out each event once, whether it is repeated in its batch or later', async () => {
    expect(await take('w1:1', 'w1:1', 'x')).toEqual({
      fresh: ['w1:1', 'x'],
      duplicates: ['w1:1'],
      late: [],
      gaps: [],
    });
    expect(await take('x', 'w1:1', 'w1:2')).toEqual({
      fresh: ['w1:2'],
      duplicates: ['x', 'w1:1'],
      late: [],
      gaps: [],
    });
  });

  it('recognises an older step in the same or a later batch, and skipped steps', async () => {
    expect(await take('w1:1', 'w1:4', 'w1:2', 'w2:2')).toEqual({
      fresh: ['w1:1', 'w1:4', 'w2:2'],
      late: ['w1:2'],
      duplicates: [],
      gaps: ['w1 1..4', 'w2 0..2'],
    });
    expect(await take('w2:1', 'w1:3', 'w1:5')).toEqual({
      fresh: ['w1:5'],
      late: ['w2:1', 'w1:3'],
      duplicates: [],
      gaps: [],
    });
  });

  it('misses no step where not every step is sent', async () => {
    const some = [event('w1:3', false), event('w1:6', false)];

    const { gaps, fresh } = await inTransaction((client) => onceInOrder(client, 'me', some));

    expect({ gaps, fresh: ids(fresh) }).toEqual({ gaps: [], fresh: ['w1:3', 'w1:6'] });
  });

  it('forgets a claim that was rolled back', async () => {
    await inTransaction((client) => onceInOrder(client, 'me', events('w1:1')), 'ROLLBACK');

    expect(await take('w1:1')).toMatchObject({ fresh: ['w1:1'] });
  });

  it('keeps consumers apart', async () => {
    await take('w1:2');

    const other = await inTransaction((client) => onceInOrder(client, 'other', events('w1:1')));

    expect(ids(other.fresh)).toEqual(['w1:1']);
  });

  it('lets a second transaction wait for the first, and sort by what that one has done', async () => {
    const [claimed, committing] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const first = inTransaction(async (client) => {
      const { fresh } = await onceInOrder(client, 'me', events('w1:2', 'w2:1'));
      claimed.resolve();
      await committing.promise;
      return ids(fresh);
    });
    await claimed.promise;

    const second = take('w1:1', 'w2:1', 'w1:3');
    committing.resolve();

    expect(await first).toEqual(['w1:2', 'w2:1']);
    expect(await second).toMatchObject({
      late: ['w1:1'],
      duplicates: ['w2:1'],
      fresh: ['w1:3'],
      gaps: [],
    });
  });

  it('never deadlocks, however transactions of the same events meet', async () => {
    const all = Array.from({ length: 40 }, (_, at) => `w${at % 7}:${at + 1}`);

    const taken = await Promise.all(
      Array.from({ length: 8 }, (_, at) => take(...all.slice(at), ...all.slice(0, at).reverse())),
    );

    const once = taken.flatMap(({ fresh, late }) => [...fresh, ...late]);
    expect(once.sort()).toEqual([...all].sort());
  });

  it('removes what is old, a bounded number at a time', async () => {
    await take('w1:1', 'w1:2', 'w2:1');
    const forget = (days: number, limit?: number) =>
      inTransaction((client) => forgetEvents(client, { days, ...(limit && { limit }) }));
    expect(await forget(1)).toBe(0);
    await withClient(url, (client) =>
      client.query(
        `UPDATE consumer_inbox SET claimed_at = now() - interval '9 days';
         UPDATE consumer_position SET moved_at = now() - interval '9 days'`,
      ),
    );

    expect(await forget(8, 1)).toBe(2);
    expect(await forget(8)).toBe(3);
  });

  it('does nothing for nothing', async () => {
    expect(await take()).toEqual({ fresh: [], late: [], duplicates: [], gaps: [] });
  });
});
