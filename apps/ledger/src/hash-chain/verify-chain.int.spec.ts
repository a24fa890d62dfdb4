import { randomUUIDv7 } from 'node:crypto';
import { Database } from '@sluice/postgres';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { ENTRY_ROW, entryFrom, type EntryRow } from '../postgres/load-entries.js';
import { LedgerChain1763800000000 } from '../postgres/migrations/1763800000000-chain.migration.js';
import { LEDGER_MIGRATIONS } from '../postgres/migrations.js';
import {
  capture,
  entryOf,
  fund,
  givenAccount,
  givenLedger,
  openAccount,
  place,
  release,
  reverse,
  venueFee,
  type TestLedger,
} from '../testkit/given-ledger.js';
import { migratedTo } from '../testkit/migrated-to.js';
import { digestOf, genesisOf, linkHash } from './chain-digest.js';
import { CHAIN_SHARDS, chainShardOf } from './chain-shard.js';
import { extendChain } from './extend-chain.js';
import { proveBook } from './prove-book.js';
import { publishChainHeads } from './publish-chain-heads.js';
import type { Query } from '../postgres/id-ranges.js';
import type { ChainHead, ChainReport } from './chain-report.js';
import { verifyChain } from './verify-chain.js';

const SECOND = `(SELECT entries[1] FROM chain_link WHERE shard = $1 AND sequence = 2)`;

/** What somebody with the database's own rights might do, and how it is found. `$1` is the account's chain, `$2` the account. */
const PLANTED: readonly (readonly [found: string, what: string, sql: string])[] = [
  [
    'entry_changed 2',
    'an amount moved between two lines',
    `UPDATE posting SET amount = amount * 2 WHERE entry_id = ${SECOND} AND $2 <> ''`,
  ],
  [
    'entry_changed 2',
    'another reference',
    `UPDATE journal_entry SET reference = 'another' WHERE id = ${SECOND} AND $2 <> ''`,
  ],
  [
    'entry_changed 2',
    'another time',
    `UPDATE journal_entry SET recorded_at = recorded_at - interval '1 day' WHERE id = ${SECOND} AND $2 <> ''`,
  ],
  [
    'entry_changed 2',
    'another time of effect',
    `UPDATE journal_entry SET effective_at = '2020-01-01' WHERE id = ${SECOND} AND $2 <> ''`,
  ],
  [
    'entry_changed 2',
    'a line taken away',
    `DELETE FROM posting WHERE entry_id = ${SECOND} AND line = 2 AND $2 <> ''`,
  ],
  [
    'entry_changed 2',
    'a line added',
    `INSERT INTO posting SELECT ${SECOND}, 9, 'suspense', 'USDT.ETH', 1 WHERE $2 <> ''`,
  ],
  [
    'entry_changed 2',
    'an account outside the chart',
    `UPDATE posting SET account = 'petty-cash' WHERE entry_id = ${SECOND} AND line = 2 AND $2 <> ''`,
  ],
  [
    'entry_missing 2',
    'an entry taken away',
    `DELETE FROM journal_entry WHERE id = ${SECOND} AND $2 <> ''`,
  ],
  [
    'entry_unchained null',
    'an entry slipped in',
    `INSERT INTO journal_entry (id, kind, account_id, reference, recorded_at) SELECT gen_random_uuid(), 'funding', $2::uuid, 'gift', now() WHERE $1::int >= 0`,
  ],
  [
    'link_missing 3',
    'a link taken out of the middle',
    `DELETE FROM chain_link WHERE shard = $1 AND sequence = 2 AND $2 <> ''`,
  ],
  [
    'head_differs 5',
    'the newest link cut off',
    `DELETE FROM chain_link WHERE shard = $1 AND sequence = 5 AND $2 <> ''`,
  ],
  [
    'head_differs 4',
    'the head set back',
    `UPDATE chain_head SET sequence = 4 WHERE shard = $1 AND $2 <> ''`,
  ],
  [
    'link_changed 2',
    'another hash',
    `UPDATE chain_link SET hash = sha256(hash) WHERE shard = $1 AND sequence = 2 AND $2 <> ''`,
  ],
  [
    'entry_changed 2',
    'another digest',
    `UPDATE chain_link SET digest = sha256(digest) WHERE shard = $1 AND sequence = 2 AND $2 <> ''`,
  ],
  [
    'link_changed 2',
    'another order of links',
    `UPDATE chain_link SET sequence = CASE sequence WHEN 2 THEN 3 ELSE 2 END WHERE shard = $1 AND sequence IN (2, 3) AND $2 <> ''`,
  ],
];

describe('the chains over the journal', () => {
  let postgres: TestPostgres;
  let ledger: TestLedger;
  let accountId: string;
  let shard: number;
  beforeAll(async () => {
    postgres = await withTestPostgres();
    ledger = await givenLedger(postgres);
    accountId = await givenAccount(ledger, '100');
    shard = chainShardOf(accountId);
    const [paid, failed] = [place(accountId, '20'), place(accountId, '10')];
    await ledger.run(fund(accountId, '5', 'second'));
    await ledger.run(paid, failed, release(failed));
    const [captured] = await ledger.run(capture(paid, '15', '1'), fund(accountId, '6', 'third'));
    await ledger.run(venueFee(paid, '0.5'));
    await ledger.run(reverse(accountId, entryOf(captured)));
    // What is planted may break these for a moment.
    await ledger.database.query('ALTER TABLE chain_link DROP CONSTRAINT chain_link_pkey');
    await ledger.database.query('ALTER TABLE posting DROP CONSTRAINT posting_in_chart');
  });
  afterAll(async () => {
    await ledger.close();
    await postgres.stop();
  });

  const verify = (published: readonly ChainHead[] = []): Promise<ChainReport> =>
    verifyChain((sql, params) => ledger.database.query(sql, params), published);

  it('have one link for each batch with entries, and each entry once', async () => {
    const report = await verify();

    expect(report).toMatchObject({ links: 5, entries: 6, divergence: null });
    expect(report.heads.filter((head) => head.sequence !== '0')).toMatchObject([
      { shard, sequence: '5' },
    ]);
  });

  it.each(PLANTED)('find %s: %s', async (found, _what, sql) => {
    const report = await reportAfter(sql, [shard, accountId]);

    expect(`${report.divergence?.kind} ${report.divergence?.sequence}`).toBe(found);
    if (report.divergence?.kind.startsWith('entry'))
      expect(report.divergence.entries.length).toBeGreaterThan(0);
  });

  it('find entry_misplaced 1: an entry in a chain that is not that of its account', async () => {
    const other = (shard + 1) % CHAIN_SHARDS;
    const planted = `INSERT INTO chain_link SELECT $2, 1, digest, sha256(decode($3, 'hex') || digest), entries FROM chain_link WHERE shard = $1 AND sequence = 2`;

    const { divergence } = await reportAfter(planted, [shard, other, genesisOf(other)]);

    expect(divergence).toMatchObject({ kind: 'entry_misplaced', shard: other, sequence: '1' });
  });

  it('are fooled by who rewrites journal, link and head together, but not by heads that were published before', async () => {
    const [head] = (await verify()).heads.filter((candidate) => candidate.shard === shard);

    const [alone, withHeads] = await tampered(async (query) => {
      const [link] = await query<{ id: string; before: string }>(
        `SELECT l.entries[1] AS id, encode(b.hash, 'hex') AS before FROM chain_link l JOIN chain_link b ON b.shard = l.shard AND b.sequence = 4
          WHERE l.shard = $1 AND l.sequence = 5`,
        [shard],
      );
      await query(`UPDATE journal_entry SET reason = 'another' WHERE id = $1`, [link?.id]);
      const rows = await query<EntryRow>(`${ENTRY_ROW} FROM journal_entry e WHERE e.id = $1`, [
        link?.id,
      ]);
      const digest = digestOf(rows.map(entryFrom));
      const forged = [shard, digest, linkHash(link?.before ?? '', digest)];
      await query(
        `UPDATE chain_link SET digest = decode($2, 'hex'), hash = decode($3, 'hex') WHERE shard = $1 AND sequence = 5`,
        forged,
      );
      await query(
        `UPDATE chain_head SET hash = decode($3, 'hex') WHERE shard = $1 AND $2 <> ''`,
        forged,
      );
      return [await verifyChain(query), await verifyChain(query, head ? [head] : [])];
    });

    expect(alone?.divergence).toBeNull();
    expect(withHeads?.divergence).toMatchObject({
      kind: 'published_head_differs',
      shard,
      sequence: '5',
    });
  });

  it('find a book that was rewritten as a whole by the heads that were published before', async () => {
    const { heads } = await verify();
    const head = heads.find((candidate) => candidate.shard === shard)!;

    expect((await verify([head])).divergence).toBeNull();
    expect((await verify([{ ...head, sequence: '3' }])).divergence).toMatchObject({
      kind: 'published_head_differs',
      sequence: '3',
    });
    expect((await verify([{ ...head, sequence: '9' }])).divergence).toMatchObject({
      kind: 'published_head_differs',
      sequence: '9',
    });
  });

  it('publish each new head once', async () => {
    const ports = { ...ledger, now: () => new Date(), newId: randomUUIDv7 };

    expect([await publishChainHeads(ports), await publishChainHeads(ports)]).toEqual([1, 0]);

    const [head] = (await verify()).heads.filter((candidate) => candidate.shard === shard);
    const [message] = ledger.messages().filter(({ topic }) => topic === 'ledger.chain-heads');
    expect(JSON.parse(message?.value ?? '')).toEqual({ ...head, shard: String(shard) });
  });

  it('and the book are proven by one command, in one snapshot', async () => {
    await ledger.database.query('DELETE FROM outbox'); // no relay runs here: on a busy machine its events would have waited too long
    const sound = await proveBook(ledger.service, []);
    await ledger.database.query('UPDATE balance SET posted = posted + 1');
    const unsound = await proveBook(ledger.service, []);
    await ledger.database.query('UPDATE balance SET posted = posted - 1');

    expect(sound).toMatchObject({
      proven: true,
      chain: { divergence: null },
      book: { violations: [] },
    });
    expect(unsound).toMatchObject({
      proven: false,
      chain: { divergence: null },
      book: { violations: [{ invariant: expect.stringMatching(/posted-is-sum-of-postings:/) }] },
    });
  });

  it('find an entry that is chained a second time, though every link holds', async () => {
    const other = await givenLedger(postgres);
    const [deposit] = await other
      .run(openAccount(accountId), fund(accountId, '5', 'once'))
      .then((decisions) => decisions.slice(1));
    const rows = await other.database.query<EntryRow>(`${ENTRY_ROW} FROM journal_entry e`);
    for (const statement of extendChain(
      (sql, params) => other.database.query(sql, params),
      rows.map(entryFrom),
    ))
      await statement;

    const report = await verifyChain((sql, params) => other.database.query(sql, params));
    await other.close();

    expect(report.divergence).toEqual({
      kind: 'entry_chained_twice',
      shard: null,
      sequence: null,
      entries: [entryOf(deposit)],
    });
  });

  it('are never broken by batches that run at the same time', async () => {
    const other = await givenLedger(postgres);
    const accounts = await Promise.all(
      Array.from({ length: 30 }, () => givenAccount(other, '100')),
    );

    await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        other.run(...accounts.map((id) => fund(id, '1', `deposit ${n}`))),
      ),
    );

    const report = await verifyChain((sql, params) => other.database.query(sql, params));
    await other.close();
    expect(report).toMatchObject({ entries: 30 + 30 * 12, divergence: null });
  });

  it('begin with what was in the journal before there were chains', async () => {
    const url = await postgres.createDatabase('ledger');
    const before = LEDGER_MIGRATIONS.slice(0, LEDGER_MIGRATIONS.indexOf(LedgerChain1763800000000));
    const old = await migratedTo(url, before);
    await old.query(
      `WITH one AS (INSERT INTO journal_entry (id, kind, account_id, reference, recorded_at)
         SELECT gen_random_uuid(), 'funding', gen_random_uuid(), 'r', now() FROM generate_series(1, 2500) RETURNING id, account_id)
       INSERT INTO posting SELECT id, line, CASE line WHEN 1 THEN 'customer:' || account_id ELSE 'funding' END, 'USDT.ETH', 3 - 2 * line FROM one, generate_series(1, 2) AS line`,
    );
    await old.destroy();

    const chained = await migratedTo(url, [...before, LedgerChain1763800000000]);
    await chained.undoLastMigration();
    await chained.runMigrations();
    await chained.destroy();
    await (await migratedTo(url, LEDGER_MIGRATIONS)).destroy();
    const today = await Database.open({ url, name: 'test' });
    const report = await verifyChain((sql, params) => today.query(sql, params));
    await today.close();

    expect(report).toMatchObject({ entries: 2500, divergence: null });
  });

  function reportAfter(planted: string, params: readonly unknown[]): Promise<ChainReport> {
    return tampered(async (query, change) => {
      expect(await change(planted, params)).toBeGreaterThan(0);
      return verifyChain(query);
    });
  }

  /** In a transaction that is rolled back: the next one finds a sound book again. `change` answers how many rows it has changed. */
  function tampered<T>(
    work: (
      query: Query,
      change: (sql: string, params: readonly unknown[]) => Promise<number>,
    ) => Promise<T>,
  ): Promise<T> {
    return ledger.database.withClient(async (client) => {
      await client.query('BEGIN');
      try {
        await client.query('SET LOCAL session_replication_role = replica');
        return await work(
          async <R extends object>(sql: string, values: readonly unknown[] = []) =>
            (await client.query<R>(sql, [...values])).rows,
          async (sql, values) => (await client.query(sql, [...values])).rowCount ?? 0,
        );
      } finally {
        await client.query('ROLLBACK');
      }
    });
  }
});
