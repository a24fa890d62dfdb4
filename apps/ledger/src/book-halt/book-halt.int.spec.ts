import { isInfrastructureFault } from '@sluice/postgres';
import { watcher, type Violations } from '@sluice/service-shell';
import { register } from 'prom-client';
import { eventually } from '@sluice/test-kit';
import { chainShardOf } from '../hash-chain/chain-digest.js';
import { foldSharedSums } from '../house-accounts/shared-balances.js';
import { givenLedgerApp } from '../testkit/given-ledger-app.js';
import {
  capture,
  commandOf,
  fund,
  givenAccount,
  givenLedger,
  place,
  PROOF_SECRETS,
  type TestLedger,
} from '../testkit/given-ledger.js';
import { backUp } from '../testkit/put-back.js';
import { haltBook, reasonOf } from './book-halt.js';
import { BookWatch } from '../proof/book-watch.js';

const SILENT = { error: () => undefined, warn: () => undefined, info: () => undefined };

describe('the watch over the book', () => {
  let ledger: TestLedger;
  let accountId: string;
  let other: string;
  let seen: Violations;
  let look: () => Promise<void>;
  beforeEach(async () => {
    ledger = await givenLedger();
    accountId = await givenAccount(ledger, '100');
    other = await givenAccount(ledger, '50');
    const hold = place(accountId, '30');
    await ledger.run(hold, place(accountId, '5'), capture(hold, '20', '1'));
    const book = new BookWatch(PROOF_SECRETS, { incrementsEveryMs: 0, restFactor: 0 });
    const run = watcher({
      database: ledger.database,
      logger: SILENT,
      watch: {
        check: (query) => book.look(query),
        onViolation: (violations, database) => {
          seen = violations;
          return haltBook(database, reasonOf(violations));
        },
      },
    });
    look = async () => {
      seen = [];
      await run();
    };
    await look();
  });
  afterEach(() => ledger.close());

  const names = () => reasonOf(seen);

  it('finds nothing in a sound book, whatever is booked and folded between its looks', async () => {
    for (const reference of ['a', 'b']) {
      await ledger.run(fund(accountId, '7', reference), place(other, '3'));
      await look();
      await foldSharedSums(ledger.database);
      await look();
    }

    expect(seen).toEqual([]);
  });

  it.each([
    [
      'a balance made up',
      'UPDATE balance SET posted = posted + 1 WHERE account_id = $1',
      'balances-and-shared-accounts-sum-to-zero, posted-is-sum-of-postings',
    ],
    [
      'money moved from one balance to another',
      'UPDATE balance SET posted = posted + CASE account_id WHEN $1 THEN 1 ELSE -1 END',
      'posted-is-sum-of-postings',
    ],
    [
      'less held on one account and more on another',
      'UPDATE balance SET held = held + CASE account_id WHEN $1 THEN -1 ELSE 1 END',
      'held-is-what-is-placed',
    ],
    [
      'a balance with less held',
      'UPDATE balance SET held = held - 1 WHERE account_id = $1',
      'held-is-what-is-placed',
    ],
    [
      'a sum of a shared account made up',
      `INSERT INTO shared_day (account, by, day, asset, sum) SELECT 'fee-income', 'recorded', current_date, 'USDT.ETH', 1 FROM account WHERE id = $1`,
      'balances-and-shared-accounts-sum-to-zero',
    ],
  ])('finds %s at its next look', async (_what, sql, found) => {
    await ledger.database.query(sql, [accountId]);

    await look();

    expect(names()).toBe(found);
    await look();
    expect(names()).toBe(found);
  });

  it('finds an entry that our key did not make, and a head that no entry leads to', async () => {
    const shard = chainShardOf(accountId);
    await ledger.database.query(
      `WITH forged AS (UPDATE chain_head SET sequence = sequence + 1, hash = sha256(hash) WHERE shard = $1 RETURNING *)
       INSERT INTO journal_entry (id, kind, account_id, reference, recorded_at, accounts, assets, amounts, shard, sequence, key_id, mac)
       SELECT uuidv7(), 'transfer', $2, 'forged', now(), '{suspense,fee-income}', '{USDT.ETH,USDT.ETH}', '{-1,1}', f.shard, f.sequence, e.key_id, f.hash
         FROM forged f, journal_entry e WHERE e.shard = f.shard AND e.sequence = 1`,
      [shard, accountId],
    );
    await look();
    expect(seen).toMatchObject([{ invariant: 'entries-are-ours', rows: [{ shard }] }]);

    await ledger.database.query('UPDATE chain_head SET hash = sha256(hash) WHERE shard <> $1', [
      shard,
    ]);
    await look();
    expect(JSON.stringify(seen)).toContain('head_differs');
  });

  it.each([
    ['of another key', 'entry_key_unknown', `UPDATE journal_entry SET key_id = 'another'`],
    ['of another MAC', 'entry_changed', 'UPDATE journal_entry SET mac = sha256(mac)'],
    ['that was cut off', 'entry_missing', 'DELETE FROM journal_entry'],
  ])('finds a newest entry %s, although no entry follows: %s', async (_what, kind, sql) => {
    const shard = chainShardOf(accountId);
    await foldSharedSums(ledger.database); // the lines of the entry are in the sums
    const newest =
      'WHERE shard = $1 AND sequence = (SELECT sequence FROM chain_head WHERE shard = $1)';
    await ledger.database.withClient(async (client) => {
      await client.query('BEGIN');
      await client.query('SET LOCAL session_replication_role = replica');
      await client.query(`${sql} ${newest}`, [shard]);
      await client.query('COMMIT');
    });

    await look();

    expect(seen).toMatchObject([{ invariant: 'entries-are-ours', rows: [{ kind, shard }] }]);
  });

  it('finds nothing after a fail-over to an older database that has new entries since', async () => {
    const putBack = await backUp(ledger.url);
    await ledger.run(fund(accountId, '7', 'lost'), place(accountId, '3'));
    await look();

    await putBack();
    await eventually(() => ledger.run(fund(accountId, '9', 'after'), place(other, '2')));
    await ledger.run(place(accountId, '4'), place(accountId, '6'));
    await look();

    expect(seen).toEqual([]);
  });

  it('stops what comes from Kafka in every instance until a person has looked', async () => {
    const app = await givenLedgerApp(ledger);
    const [hold, asked] = [place(other, '1'), fund(other, '2', 'by hand')];
    await ledger.database.query('UPDATE balance SET posted = posted + 1 WHERE account_id = $1', [
      accountId,
    ]);
    await look();
    const fromKafka = () => ledger.applyCommands.applyUnlessHalted([commandOf(hold)]);

    const refused: unknown = await fromKafka().catch((error: unknown) => error);
    expect(refused).toMatchObject({
      message: expect.stringMatching(/^the book is halted: balances-and-shared-accounts/),
    });
    expect(isInfrastructureFault(refused)).toBe(true); // it is tried again and never dead-lettered
    expect(await ledger.balance(other)).toBe('0 of 50');
    expect((await app.ask('GET', '/readyz')).status).toBe(503);
    expect((await ledger.run(asked))[0]?.refusal).toBeNull();

    await ledger.database.query('UPDATE balance SET posted = posted - 1 WHERE account_id = $1', [
      accountId,
    ]);
    const lift = (person: string, evidence = 'put right') =>
      app.ask('POST', '/internal/book-halts/resume', { evidence }, app.issuer.tokenOf(person));
    expect(await lift('demo')).toMatchObject({ status: 202, body: { data: { approval_id: '1' } } });
    expect(await lift('demo')).toMatchObject({ status: 409 });
    expect(await lift('olivia')).toMatchObject({ status: 403 }); // who may operate, and not approve
    await expect(fromKafka()).rejects.toThrow('the book is halted');
    const lifted = { lifted_by: 'demo', lift_approved_by: 'peter' };
    expect(await lift('peter')).toMatchObject({ status: 200, body: { data: lifted } });
    expect(await lift('peter')).toMatchObject({ status: 409 });
    await look();
    await expect(fromKafka()).rejects.toThrow('the book is halted'); // another process has not verified the lift yet
    await ledger.lifts.look();
    await fromKafka();

    expect(await ledger.balance(other)).toBe('1 of 52');
    expect((await app.ask('GET', '/internal/book-halts')).body.data).toMatchObject([
      { lifted_by: 'demo', lift_approved_by: 'peter', evidence: 'put right' },
    ]);
    await app.close();
  });

  it.each([
    ['without a seal', ''],
    ['with an invented seal', ", end_seal = 'development:AAAA'"],
  ])("is not lifted by the ledger's own login %s, at no moment", async (_what, seal) => {
    const app = await givenLedgerApp(ledger);
    await haltBook(ledger.service, 'held-is-what-is-placed');
    const fromKafka = () => ledger.applyCommands.applyUnlessHalted([commandOf(place(other, '1'))]);
    const forged = async () =>
      (await register.getSingleMetric('sluice_forged_records_total')?.get())?.values.find(
        ({ labels }) => labels['table'] === 'book_halt',
      )?.value ?? 0;
    const before = await forged();
    const ready = async () => (await app.ask('GET', '/readyz')).status;

    await ledger.service.query(
      `UPDATE book_halt SET lifted_at = now(), lifted_by = 'peter', lift_approved_by = 'demo', evidence = 'ticket 1'${seal} WHERE lifted_at IS NULL`,
    );

    await expect(fromKafka()).rejects.toThrow('the book is halted: held-is-what-is-placed');
    expect(await ready()).toBe(503);
    await eventually(async () =>
      expect((await app.ask('GET', '/internal/book-halts')).body.data).toMatchObject([
        { lifted_at: null, lifted_by: null },
      ]),
    );
    await expect(fromKafka()).rejects.toThrow('the book is halted');
    expect(await forged()).toBe(before + 1);
    await app.close();
  });

  it.each([
    `UPDATE book_halt SET opened_at = now()`,
    `UPDATE book_halt SET lifted_at = '2020-01-01', lifted_by = 'a', lift_approved_by = 'b', evidence = 'c'`,
    `INSERT INTO book_halt (reason, lifted_at, lifted_by, lift_approved_by, evidence) VALUES ('r', '2020-01-01', 'a', 'b', 'c')`,
  ])("is refused to the ledger's own login: %s", async (sql) => {
    await haltBook(ledger.service, 'r');

    await expect(ledger.service.query(sql)).rejects.toThrow(
      /permission denied|cannot be backdated/,
    );
  });

  it.each([
    `UPDATE book_halt SET lifted_at = now() WHERE lifted_at IS NULL`,
    `UPDATE book_halt SET lifted_at = now(), lifted_by = '', lift_approved_by = 'b', evidence = 'e' WHERE lifted_at IS NULL`,
  ])('is lifted by nobody without a name and evidence: %s', async (sql) => {
    await haltBook(ledger.database, 'r');
    await haltBook(ledger.database, 'again');

    await expect(ledger.database.query(sql)).rejects.toThrow('lifted_by_a_person');
    expect(await ledger.database.query('SELECT FROM book_halt')).toHaveLength(1);
  });
});
