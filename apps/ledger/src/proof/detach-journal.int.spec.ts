import { randomUUID } from 'node:crypto';
import { customerAccount } from '@sluice/ledger-core';
import { ApplyCommands } from '../commands/apply-commands.js';
import {
  PROOF_SECRETS,
  rulesWith,
  capture,
  commandOf,
  entryOf,
  fund,
  givenLedger,
  idAt,
  openAccount,
  place,
  reverse,
  transfer,
  valueOf,
  venueFee,
  type TestLedger,
} from '../testkit/given-ledger.js';
import { SECRETS } from '../testkit/test-authority.js';
import { foldSharedSums } from '../house-accounts/shared-balances.js';
import type { Query } from '../sql/id-ranges.js';
import { letPostingsChange } from '../testkit/writable-postings.js';
import { detachJournal } from './detach-journal.controller.js';
import { BookWatch } from './book-watch.js';
import { proveBook } from './prove-book.controller.js';

const [JANUARY, FEBRUARY, MARCH, APRIL] = [1, 2, 3, 4].map(
  (month) => new Date(`2026-0${month}-15T12:00:00.000Z`),
) as [Date, Date, Date, Date];
const NOW = new Date('2026-11-20T12:00:00.000Z');

describe('old partitions of the journal', () => {
  let ledger: TestLedger;
  let accountId: string;
  const paid = () => place(accountId, '30', idAt(JANUARY));
  let hold: ReturnType<typeof paid>;
  let reversed: string;

  beforeEach(async () => {
    ledger = await givenLedger();
    await letPostingsChange(ledger.database);
    await ledger.database.query(`SELECT create_partitions('journal_entry', $1, $2)`, [
      JANUARY,
      APRIL,
    ]);
    accountId = randomUUID();
    hold = paid();
    await ledger.runAt(JANUARY, openAccount(accountId), fund(accountId, '100', 'january'));
    await ledger.runAt(JANUARY, hold, capture(hold, '20', '1'), venueFee(hold, '0.5'));
    const [moved] = await ledger.runAt(
      JANUARY,
      transfer(accountId, 'clearing:gateio', 'hot-wallet:ETH', '7'),
    );
    reversed = entryOf(moved);
    await ledger.runAt(FEBRUARY, reverse(accountId, reversed), fund(accountId, '5', 'february'));
    await ledger.runAt(MARCH, fund(accountId, '1', 'march'));
  });
  afterEach(() => ledger.close());

  const detach = (before: string, now = NOW) =>
    detachJournal(ledger.service, SECRETS.keys, new Date(before), now);
  const prove = () => proveBook(ledger.service, PROOF_SECRETS);
  const partitions = async () =>
    (
      await ledger.database.query<{ name: string }>(
        `SELECT name FROM table_partition WHERE parent = 'journal_entry' AND name < 'journal_entry_202605' ORDER BY 1`,
      )
    ).map(({ name }) => name.slice('journal_entry_'.length));
  /** Past every constraint, as somebody with the database's own rights could. */
  async function tamper(sql: string): Promise<void> {
    await ledger.database.withClient(async (client) => {
      await client.query('SET session_replication_role = replica');
      const { rowCount } = await client.query(sql);
      await client.query('RESET session_replication_role');
      expect(rowCount).toBeGreaterThan(0);
    });
  }

  it('are taken off after the whole book was proven, and stay as tables of their own', async () => {
    const detached = await detach('2026-03-01');

    expect(detached).toMatchObject({
      kind: 'detached',
      until: '2026-03-01T00:00:00.000Z',
      partitions: ['journal_entry_202601', 'journal_entry_202602'],
      entries: '6',
      proof: { proven: true, chain: { since: null, entries: 7 } },
    });
    expect(await partitions()).toEqual(['202603', '202604']);
    expect(await ledger.count('journal_entry')).toBe(1);
    expect(await ledger.database.query('SELECT FROM journal_entry_202601')).toHaveLength(4);
    expect(await ledger.balance(accountId)).toBe('0 of 85');
  });

  it('leave a proof from which every later one goes on', async () => {
    await detach('2026-02-01');
    expect(await prove()).toMatchObject({
      proven: true,
      chain: { since: '2026-02-01T00:00:00.000Z', entries: 3, divergence: null },
    });
    await ledger.runAt(APRIL, fund(accountId, '2', 'april'));

    expect(await detach('2026-04-01')).toMatchObject({
      kind: 'detached',
      entries: '7',
      partitions: expect.arrayContaining(['journal_entry_202603']),
    });

    expect(await prove()).toMatchObject({
      proven: true,
      chain: { since: '2026-04-01T00:00:00.000Z', entries: 1 },
      book: { populations: { entries_funding: 1 } },
    });
    expect(await ledger.balance(accountId)).toBe('0 of 87');
  });

  it('leave the watch the end of a chain without later entries, unless their checkpoint is forged', async () => {
    await detach('2026-04-01');
    const found = async () => {
      const watch = new BookWatch(PROOF_SECRETS);
      const query: Query = (sql, params) => ledger.database.query(sql, params);
      const violations = await watch.look({ query, generation: 0 });
      return violations.filter(({ invariant }) => invariant === 'entries-are-ours');
    };

    expect(await found()).toEqual([]);
    await tamper('UPDATE checkpoint_seal SET mac = sha256(mac)');
    expect(await found()).toMatchObject([{ rows: [{ kind: 'entry_missing' }] }]);
  });

  it('are not needed to answer what was asked before, with its first outcome', async () => {
    const again = () => [
      fund(accountId, '100', 'january'),
      transfer(accountId, 'clearing:gateio', 'hot-wallet:ETH', '7'),
      hold,
      capture(hold, '20', '1'),
      venueFee(hold, '0.5'),
      reverse(accountId, reversed),
      fund(accountId, '101', 'january'),
      venueFee(hold, '0.6'),
    ];
    const answers = async () =>
      (await ledger.run(...again())).map(({ event: { type, data } }) => ({
        type,
        data: { ...data, commandId: 'its own' },
      }));
    const before = await answers();

    await detach('2026-03-01');

    expect(await answers()).toEqual(before);
    expect(await ledger.count('journal_entry')).toBe(1);
  });

  it('may share a batch with a later one: what stays of it is vouched for by the checkpoint', async () => {
    const [last, first] = [
      new Date('2026-03-31T23:59:59.999Z'),
      new Date('2026-04-01T00:00:00.000Z'),
    ];
    const times = [first, last, first];
    const commands = new ApplyCommands(
      ledger.unitOfWork,
      { now: () => last, newId: () => idAt(times.shift() ?? first) },
      rulesWith(),
      SECRETS.keys,
    );
    await commands.apply(
      ['one', 'two', 'three'].map((reference) => commandOf(fund(accountId, '1', reference))),
    );
    await ledger.runAt(APRIL, fund(accountId, '1', 'four'));

    expect(await detach('2026-04-01')).toMatchObject({ kind: 'detached', entries: '8' });

    expect(await prove()).toMatchObject({
      proven: true,
      chain: { entries: 3 },
    });
    await tamper(`UPDATE journal_entry SET reference = 'rewritten' WHERE reference = 'one'`);
    expect(await prove()).toMatchObject({
      proven: false,
      chain: { divergence: { kind: 'checkpoint_differs' } },
    });
  });

  it.each([
    [
      'an entry was changed',
      `UPDATE journal_entry SET reference = 'another' WHERE reference = 'january'`,
    ],
    [
      'an amount was changed',
      `UPDATE posting SET amount = amount * 2 WHERE account IN ('fee-income', 'clearing:gateio')`,
    ],
    [
      'an entry was slipped in',
      `INSERT INTO journal_entry SELECT '019b0000-0000-7000-8000-000000000001', 'funding', account_id, NULL, 'x', recorded_at FROM journal_entry LIMIT 1`,
    ],
    ['a balance was changed', 'UPDATE balance SET posted = posted + 1'],
  ])('are not taken off when %s, and nothing is stored', async (_what, sql) => {
    await tamper(sql);

    expect(await detach('2026-03-01')).toMatchObject({
      kind: 'not_proven',
      proof: { proven: false },
    });

    expect(await partitions()).toEqual(['202601', '202602', '202603', '202604']);
    expect(await ledger.database.query('SELECT FROM checkpoint')).toEqual([]);
  });

  it('are not taken off by anything but a checkpoint that is about exactly what they hold', async () => {
    const call = `SELECT detach_journal('2026-03-01Z')`;
    const proven = (entries: number) =>
      `INSERT INTO checkpoint (until, bound, entries) VALUES ('2026-03-01Z', partition_bound('uuid', '2026-03-01')::uuid, ${entries})`;

    await expect(ledger.database.query(call)).rejects.toThrow('nothing is proven up to');
    const detachWith = (entries: number) =>
      ledger.database.withClient(async (client) => {
        await client.query('BEGIN');
        try {
          await client.query(proven(entries));
          await client.query(call);
        } finally {
          await client.query('ROLLBACK');
        }
      });
    await expect(detachWith(6)).rejects.toThrow('are not folded');
    await foldSharedSums(ledger.service);
    for (const entries of [5, 6])
      await expect(detachWith(entries)).rejects.toThrow('are not what was proven');
    expect(await partitions()).toHaveLength(4);
  });

  it('are not taken off before their time is over, twice, or when an entry of theirs counts later', async () => {
    const late = fund(accountId, '9', 'to come');
    expect(await detach('2026-03-01', new Date('2026-03-01T12:00:00.000Z'))).toEqual({
      kind: 'not_over',
      until: '2026-03-01T00:00:00.000Z',
    });
    await detach('2026-02-01');
    expect(await detach('2026-02-20')).toEqual({
      kind: 'nothing_to_detach',
      until: '2026-02-01T00:00:00.000Z',
    });

    const [fundedLater] = await ledger.runAt(FEBRUARY, {
      ...late,
      data: { ...late.data, effectiveAt: '2026-06-01T00:00:00Z' },
    } as typeof late);
    expect(await detach('2026-03-01')).toEqual({
      kind: 'entry_dated_later',
      until: '2026-03-01T00:00:00.000Z',
      entry: entryOf(fundedLater),
    });
  });

  it('leave behind what lies outside of every partition, and that is still vouched for', async () => {
    await ledger.runAt(
      new Date('2025-12-31T12:00:00.000Z'),
      fund(accountId, '3', 'a clock gone wrong'),
    );

    expect(await detach('2026-02-01')).toMatchObject({ kind: 'detached', entries: '4' });

    const { chain, book } = await prove();
    expect(chain).toMatchObject({ entries: 4, divergence: null });
    expect(book.violations).toMatchObject([
      { invariant: expect.stringMatching(/no-entry-outside-the-partitions:/), rows: [{}] },
    ]);
  });

  it('refuse a balance at a moment in them by naming the checkpoint, and answer later moments exactly', async () => {
    const at = (time: string, account = customerAccount(accountId)) =>
      ledger.queries.balancesAt(account, time, 'recorded');
    const moments = ['2026-02-20T00:00:00Z', '2026-03-20T00:00:00Z'];
    const before = await Promise.all(
      moments.flatMap((time) => [at(time), at(time, 'funding'), at(time, 'clearing:gateio')]),
    );

    await detach('2026-02-01');

    expect(
      await Promise.all(
        moments.flatMap((time) => [at(time), at(time, 'funding'), at(time, 'clearing:gateio')]),
      ),
    ).toEqual(before);
    expect(before.map((result) => valueOf(result)[0]?.posted)).toEqual([
      '84',
      '-105',
      '20.5',
      '85',
      '-106',
      '20.5',
    ]);
    expect(await at('2026-01-31T00:00:00Z')).toEqual({
      ok: false,
      refusal: { kind: 'before_checkpoint', until: '2026-02-01T00:00:00.000Z' },
    });
  });

  it.each([
    [
      'a closing balance',
      `UPDATE checkpoint_balance SET sum = sum + 1 WHERE account = 'funding'`,
      /whole-book-balances:/,
    ],
    [
      'a closing balance and its customer',
      `UPDATE checkpoint_balance SET sum = sum + 1 WHERE account LIKE 'customer:%'`,
      /whole-book-balances:/,
    ],
    [
      'the head from which the chains go on',
      `UPDATE checkpoint_head SET hash = sha256(hash) WHERE sequence > 0`,
      /checkpoint_forged/,
    ],
    [
      'a closing balance, where it adds up',
      `UPDATE checkpoint_balance SET sum = sum + CASE account WHEN 'funding' THEN -1 ELSE 1 END WHERE account = 'funding' OR account LIKE 'customer:%'`,
      /checkpoint_forged/,
    ],
    ['the seal', 'UPDATE checkpoint_seal SET mac = sha256(mac)', /checkpoint_forged/],
    [
      'a later checkpoint that hides everything before it',
      `WITH later AS (INSERT INTO checkpoint SELECT until + interval '1 month', bound, entries FROM checkpoint RETURNING until)
       INSERT INTO checkpoint_head SELECT later.until, h.shard, h.sequence, h.hash, h.digest FROM later, checkpoint_head h`,
      /checkpoint_forged/,
    ],
  ])('are still spoken for: %s that was changed afterwards is found', async (_what, sql, found) => {
    await detach('2026-03-01');
    await tamper(sql);

    expect(JSON.stringify(await prove())).toMatch(found);
  });
});
