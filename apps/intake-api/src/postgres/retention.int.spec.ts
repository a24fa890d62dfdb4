import { randomUUIDv7 } from 'node:crypto';
import { checkInvariants, sweep } from '@sluice/postgres';
import { TABLES, tablesInDocs } from '@sluice/test-kit';
import { statusShape } from '../withdrawals/answers/withdrawal.dto.js';
import { type Placed } from '../withdrawals/requests/place-withdrawal.js';
import { anOrder } from '../testkit/a-withdrawal.js';
import { countOf, type TestInstance } from '../testkit/given-intake.js';
import { allPaths, anEvent, type FactTrigger } from '../testkit/inbound-events.js';
import { findByNumber } from '../rows/withdrawal-store.js';
import { givenIntake, placeOrder, givenSaga } from '../testkit/given-saga.js';

const FOLDER = new URL('./invariants/', import.meta.url);
const DAY_MS = 86_400_000;
const DAYS = 30;

describe('withdrawals that ended long ago', () => {
  let intake: TestInstance;
  let accountId: string;
  beforeEach(async () => {
    ({ intake, accountId } = await givenIntake());
  });
  afterEach(() => intake.close());

  const place = (clientReference: string | null, id: string = randomUUIDv7()): Promise<Placed> =>
    placeOrder(intake, anOrder({ accountId, clientReference, id }));
  const applyFacts = (id: string, path: readonly FactTrigger[]) =>
    givenSaga(intake).take(path.map((trigger) => anEvent(id, trigger)));
  /** Asked for 60 days ago, and with its last step so many days ago. */
  const given = async (
    reference: string | null,
    path: readonly FactTrigger[],
    daysAgo: number,
  ): Promise<Placed> => {
    const placed = await place(reference, idOf(60));
    const { id } = placed.stored.withdrawal.order;
    if (path.length > 0) await applyFacts(id, path);
    await intake.database.query(
      'UPDATE withdrawal SET venue_fee_recorded = true, updated_at = now() - make_interval(days => $2) WHERE id = $1',
      [id, daysAgo],
    );
    return placed;
  };
  /** One call of the housekeeping, minutes after the last. */
  const keep = async () => {
    await intake.database.query(
      `UPDATE retention SET cutoff_set_at = cutoff_set_at - interval '3 minutes'`,
    );
    await intake.database.query(
      `UPDATE archived_withdrawal SET archived_at = archived_at - interval '3 minutes'`,
    );
    return sweep(intake.service, { days: DAYS });
  };
  const keepAll = async () => {
    for (let call = 0; call < 3; call++) await keep();
  };
  const violations = async () => {
    await intake.database.query('TRUNCATE outbox');
    return (await checkInvariants(intake.service, FOLDER)).violations.filter(
      ({ invariant }) => !invariant.startsWith('nothing-waits-too-long'),
    );
  };

  it('leave by every path that they can have taken, with history and old cases; none that is young or has not ended does', async () => {
    const paths = allPaths();
    for (const [n, path] of paths.entries()) {
      await given(`old ${n}`, path, 40);
      await given(`young ${n}`, path, 20);
      for (let length = 0; length < path.length; length++)
        await given(null, path.slice(0, length), 40);
    }
    const open = await countOf(
      intake.database,
      `withdrawal WHERE state NOT IN ('rejected', 'completed', 'returned', 'failed', 'cancelled')`,
    );
    const looked = (await checkInvariants(intake.service, FOLDER)).populations;

    await keepAll();

    expect(open).toBeGreaterThan(paths.length);
    expect(await countOf(intake.database, 'withdrawal')).toBe(open + paths.length);
    expect(
      await countOf(
        intake.database,
        `withdrawal WHERE client_reference LIKE 'old %' OR rejected_reference LIKE 'old %'`,
      ),
    ).toBe(0);
    expect(await countOf(intake.database, 'withdrawal_step')).toBeLessThan(looked['steps'] ?? 0);
    expect(await violations()).toEqual([]);
    for (const [population, rows] of Object.entries(
      (await checkInvariants(intake.service, FOLDER)).populations,
    )) {
      if (!['cases', 'outbox', 'key_generations'].includes(population))
        expect([population, rows > 0]).toEqual([population, true]);
    }
  });

  it('answer a repeat of their request as before, however long ago, and are never made again', async () => {
    const { stored } = await given(
      'order-1',
      ['hold_placed', 'accepted', 'broadcast', 'settled', 'hold_captured'],
      40,
    );
    const before = statusShape((await place('order-1')).stored);
    await keepAll();
    expect(await countOf(intake.database, 'withdrawal')).toBe(0);
    expect(await findByNumber(intake.database, stored.number, accountId)).toBeNull();

    const repeats = await Promise.all([place('order-1'), place('order-1'), place('another')]);

    expect(repeats.map(({ kind }) => kind)).toEqual(['taken', 'taken', 'created']);
    expect(statusShape(repeats[0].stored)).toEqual(before);
    expect(repeats[1].stored.digest).toBe(stored.digest);
    expect(await countOf(intake.database, 'withdrawal')).toBe(1);
    expect(await violations()).toEqual([]);
  });

  it('keep their reference at every moment of their leaving: the copy is there minutes before the row goes', async () => {
    await given('order-1', ['hold_placed', 'refused', 'hold_released'], 40);
    const seen: string[] = [];
    for (let call = 0; call < 4; call++) {
      const [rows, copies] = [
        await countOf(intake.database, 'withdrawal'),
        await countOf(intake.database, 'archived_withdrawal'),
      ];
      seen.push(`${rows} and ${copies}`);
      expect((await place('order-1')).kind).toBe('taken');
      await sweep(intake.service, { days: DAYS });
      await intake.database.query(
        `UPDATE retention SET cutoff_set_at = cutoff_set_at - interval '3 minutes'`,
      );
      if (call === 2)
        await intake.database.query(
          `UPDATE archived_withdrawal SET archived_at = archived_at - interval '3 minutes'`,
        );
    }
    expect(seen).toEqual(['1 and 0', '1 and 0', '1 and 1', '1 and 1']);
    expect([
      await countOf(intake.database, 'withdrawal'),
      await countOf(intake.database, 'archived_withdrawal'),
    ]).toEqual([0, 1]);
  });

  it('give a reference free that a refused hold had given back, as ever', async () => {
    await given('order-1', ['hold_refused'], 40);
    await keepAll();
    expect(await countOf(intake.database, 'archived_withdrawal')).toBe(0);
    expect((await place('order-1')).kind).toBe('created');
  });

  it("no table is without an entry in the operators' manual", async () => {
    const tables = await intake.database.query<{ name: string }>(TABLES);
    expect(tables.map(({ name }) => name).sort()).toEqual(tablesInDocs('intake-api'));
  });

  it("stay while the venue's fee is not booked, or while somebody looks after them", async () => {
    const { stored } = await given(
      'order-1',
      ['hold_placed', 'accepted', 'settled', 'hold_captured'],
      40,
    );
    const { id } = stored.withdrawal.order;
    await given('order-2', ['hold_placed', 'accepted', 'settled', 'hold_captured'], 40);
    await intake.database.query('UPDATE withdrawal SET venue_fee_recorded = (id <> $1)', [id]);
    await intake.database.query(
      'INSERT INTO open_withdrawal SELECT id FROM withdrawal WHERE id <> $1',
      [id],
    );
    await keepAll();
    expect(await countOf(intake.database, 'withdrawal')).toBe(2);
  });

  it('stay while they have a case that is younger', async () => {
    const { stored } = await given(
      'order-1',
      ['hold_placed', 'accepted', 'settled', 'hold_captured'],
      40,
    );
    await applyFacts(stored.withdrawal.order.id, ['failed']);
    await keepAll();
    expect(await countOf(intake.database, 'withdrawal')).toBe(1);

    await intake.database.query(
      `UPDATE withdrawal_case SET opened_at = now() - interval '31 days'`,
    );
    await keepAll();
    expect([
      await countOf(intake.database, 'withdrawal'),
      await countOf(intake.database, 'withdrawal_case'),
    ]).toEqual([0, 0]);
  });
});

function idOf(daysAgo: number): string {
  const hex = (Date.now() - daysAgo * DAY_MS).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}${randomUUIDv7().slice(13)}`;
}
