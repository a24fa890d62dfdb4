import { SECRETS } from '../testkit/test-authority.js';
import { randomUUID } from 'node:crypto';
import { sweep } from '@sluice/postgres';
import { TABLES, tablesInDocs } from '@sluice/test-kit';
import { detachJournal } from '../proof/detach-journal.controller.js';
import {
  capture,
  faultsOf,
  fund,
  givenLedger,
  idAt,
  openAccount,
  place,
  placeUntil,
  release,
  venueFee,
  type TestLedger,
} from '../testkit/given-ledger.js';
import { checkInvariants } from './check-invariants.js';

const [JANUARY, FEBRUARY, MARCH] = [1, 2, 3].map(
  (month) => new Date(`2026-0${month}-15T12:00:00.000Z`),
) as [Date, Date, Date];
const NOW = new Date('2026-11-20T12:00:00.000Z');

describe('retention in the ledger', () => {
  let ledger: TestLedger;
  let accountId: string;
  beforeEach(async () => {
    ledger = await givenLedger();
    await ledger.database.query(`SELECT create_partitions('journal_entry', $1, $2)`, [
      JANUARY,
      MARCH,
    ]);
    accountId = randomUUID();
    await ledger.runAt(JANUARY, openAccount(accountId), fund(accountId, '100', 'january'));
  });
  afterEach(() => ledger.close());

  /** One hold of each end, and one that has none, all of that month. */
  const givenHolds = async (month: Date): Promise<void> => {
    const [paid, back, open] = [
      place(accountId, '3', idAt(month)),
      place(accountId, '2', idAt(month)),
      place(accountId, '1', idAt(month)),
    ];
    const due = placeUntil(
      new Date(month.getTime() + 1_000).toISOString(),
      accountId,
      '1',
      idAt(month),
    );
    await ledger.runAt(month, paid, back, open, due, place(accountId, '5000', idAt(month)));
    await ledger.runAt(month, capture(paid, '2', '0.1'), venueFee(paid, '0.5'), release(back));
    const later = new Date(month.getTime() + 2_000);
    await ledger.runAt(later, {
      type: 'ledger.expire-hold.v1',
      data: { withdrawalId: due.data.withdrawalId, accountId },
    });
  };
  /** Two calls of the housekeeping, minutes apart. */
  const keep = async (days = 30) => {
    for (let call = 0; call < 2; call++) {
      await ledger.database.query(
        `UPDATE retention SET cutoff_set_at = cutoff_set_at - interval '3 minutes'`,
      );
      await sweep(ledger.service, { days });
    }
  };
  const holds = async () =>
    (
      await ledger.database.query<{ state: string; n: number }>(
        'SELECT state, count(*)::int AS n FROM hold GROUP BY 1 ORDER BY 1',
      )
    ).map(({ state, n }) => `${n} ${state}`);
  const detach = (before: string) =>
    detachJournal(ledger.service, SECRETS.keys, new Date(before), NOW);

  it('is, as long as no month was detached, nothing but refused holds', async () => {
    await givenHolds(JANUARY);
    await keep();
    expect(await holds()).toEqual(['1 captured', '1 expired', '1 placed', '1 released']);
    expect(await faultsOf(ledger)).toEqual([]);
  });

  it('is what ended in months that were proven and detached; the book is proven after it as before', async () => {
    await givenHolds(JANUARY);
    await givenHolds(FEBRUARY);
    expect(await detach('2026-02-01')).toMatchObject({ kind: 'detached' });
    const before = await ledger.balance(accountId);

    await keep();

    expect(await holds()).toEqual(['1 captured', '1 expired', '2 placed', '1 released']);
    expect(
      await ledger.database.query(`SELECT FROM shared_minute WHERE minute < '2026-02-01'`),
    ).toEqual([]);
    expect((await ledger.database.query('SELECT FROM shared_minute')).length).toBeGreaterThan(0);
    expect(await ledger.balance(accountId)).toBe(before);
    expect(await faultsOf(ledger)).toEqual([]);
    const { populations } = await checkInvariants((sql, params) =>
      ledger.database.query(sql, params),
    );
    for (const kind of [
      'holds_placed',
      'holds_captured',
      'holds_released',
      'holds_expired',
      'entries_capture',
      'postings',
    ]) {
      expect([kind, (populations[kind] ?? 0) > 0]).toEqual([kind, true]);
    }
    expect(await detach('2026-03-01')).toMatchObject({ kind: 'detached' });
    await keep();
    expect(await holds()).toEqual(['2 placed']);
    expect(await faultsOf(ledger)).toEqual([]);
  });

  it('is nothing of which an entry that is on the book speaks', async () => {
    const paid = place(accountId, '3', idAt(JANUARY));
    await ledger.runAt(JANUARY, paid, capture(paid, '2', '0.1'));
    await ledger.runAt(FEBRUARY, venueFee(paid, '0.5'));
    await detach('2026-02-01');
    await keep();
    expect(await holds()).toEqual(['1 captured']);

    await detach('2026-03-01');
    await keep();
    expect(await holds()).toEqual([]);
    expect(await faultsOf(ledger)).toEqual([]);
  });

  it('is nothing younger than the days that are kept, detached or not', async () => {
    await givenHolds(JANUARY);
    await detach('2026-02-01');
    await keep(3_650);
    expect(await holds()).toEqual([
      '1 captured',
      '1 expired',
      '1 placed',
      '1 refused',
      '1 released',
    ]);
  });

  it('is not placed again: an order of that time is refused by its age, one of today is not', async () => {
    await givenHolds(JANUARY);
    await detach('2026-02-01');
    await keep();
    await expect(
      ledger.run(place(accountId, '1'), place(accountId, '1', idAt(JANUARY))),
    ).rejects.toThrow('older than the retention period');
    await ledger.run(place(accountId, '1'));
    expect(await holds()).toEqual(['2 placed']);
  });

  it("no table is without an entry in the operators' manual", async () => {
    const tables = await ledger.database.query<{ name: string }>(TABLES);
    expect(tables.map(({ name }) => name).sort()).toEqual(tablesInDocs('ledger'));
  });

  it('follows an index, also where nothing may leave', async () => {
    const plan = await ledger.database.withClient(async (client) => {
      await client.query('SET enable_seqscan = off');
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN SELECT t.withdrawal_id FROM hold t WHERE t.withdrawal_id < '01900000-0000-0000-0000-000000000000' AND t.state = 'refused' ORDER BY 1 LIMIT 1000`,
      );
      await client.query('RESET enable_seqscan');
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
    expect(plan).toContain('Index');
    expect(plan).not.toContain('Seq Scan');
  });
});
