import { randomUUIDv7 } from 'node:crypto';
import type { JournalEntry } from '@sluice/ledger-core';
import { saveEntries } from '../postgres/load-entries.js';
import { ApplyCommands } from '../commands/apply-commands.js';
import { aKey, SECRETS } from '../testkit/test-authority.js';
import {
  capture,
  commandOf,
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
  PROOF_SECRETS,
  rulesWith,
} from '../testkit/given-ledger.js';
import {
  CHAIN_SHARDS,
  chainAfter,
  chainedFields,
  type ChainHead,
  type ChainReport,
  chainShardOf,
  genesisOf,
} from '../hash-chain/chain-digest.js';
import { ChainKeys } from '../hash-chain/chain-keys.js';
import { proveBook } from './prove-book.controller.js';
import { publishAllHeadsNext, publishChainHeads } from '../hash-chain/head-signer.js';
import type { Query } from '../sql/id-ranges.js';
import { letPostingsChange } from '../testkit/writable-postings.js';
import { verifyChain } from './verify-chain.js';
import { placedEntries, type PlacedEntry } from './walk-chain.js';

const SECOND = `(SELECT id FROM journal_entry WHERE shard = $1 AND sequence = 2)`;
const COLUMNS =
  'kind, account_id, withdrawal_id, reference, recorded_at, reverses, reason, effective_at, accounts, assets, amounts, shard, sequence, key_id, mac';

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
    'entry_missing 1',
    'the first entry taken away',
    `DELETE FROM journal_entry WHERE shard = $1 AND sequence = 1 AND $2 <> ''`,
  ],
  [
    'entry_unchained null',
    'an entry slipped in without a place',
    `INSERT INTO journal_entry (id, kind, account_id, reference, recorded_at) SELECT gen_random_uuid(), 'funding', $2::uuid, 'gift', now() WHERE $1::int >= 0`,
  ],
  [
    'entry_unchained null',
    'an entry slipped in at a place before the first',
    `INSERT INTO journal_entry (id, ${COLUMNS}) SELECT uuidv7(), ${COLUMNS.replace('sequence', '0')} FROM journal_entry WHERE id = ${SECOND} AND $2 <> ''`,
  ],
  [
    'entry_unchained null',
    'an entry slipped in at a place of no chain',
    `INSERT INTO journal_entry (id, ${COLUMNS}) SELECT uuidv7(), ${COLUMNS.replace('shard', '48')} FROM journal_entry WHERE id = ${SECOND} AND $2 <> ''`,
  ],
  [
    'entry_chained_twice 2',
    'an entry slipped in at the place of another, with its MAC',
    `INSERT INTO journal_entry (id, ${COLUMNS}) SELECT uuidv7(), ${COLUMNS} FROM journal_entry WHERE id = ${SECOND} AND $2 <> ''`,
  ],
  [
    'entry_changed 2',
    'an entry slipped in before another at its place, with its MAC',
    `INSERT INTO journal_entry (id, ${COLUMNS}) SELECT '00000000-0000-4000-8000-000000000000', ${COLUMNS} FROM journal_entry WHERE id = ${SECOND} AND $2 <> ''`,
  ],
  [
    'entry_changed 7',
    'an entry appended with the MAC of another',
    `INSERT INTO journal_entry (id, ${COLUMNS}) SELECT uuidv7(), ${COLUMNS.replace('sequence', '7')} FROM journal_entry WHERE id = ${SECOND} AND $2 <> ''`,
  ],
  [
    'head_differs 6',
    'the newest entry cut off',
    `DELETE FROM journal_entry WHERE shard = $1 AND sequence = 6 AND $2 <> ''`,
  ],
  [
    'head_differs 6',
    'every entry cut off',
    `DELETE FROM journal_entry WHERE shard = $1 AND $2 <> ''`,
  ],
  [
    'head_differs 5',
    'the head set back',
    `UPDATE chain_head SET sequence = 5 WHERE shard = $1 AND $2 <> ''`,
  ],
  [
    'entry_changed 2',
    'another MAC',
    `UPDATE journal_entry SET mac = sha256(mac) WHERE id = ${SECOND} AND $2 <> ''`,
  ],
  [
    'entry_changed 2',
    'another order of entries',
    `UPDATE journal_entry SET sequence = CASE sequence WHEN 2 THEN 3 ELSE 2 END WHERE shard = $1 AND sequence IN (2, 3) AND $2 <> ''`,
  ],
];

describe('the chains over the journal', () => {
  let ledger: TestLedger;
  let accountId: string;
  let shard: number;
  beforeAll(async () => {
    ledger = await givenLedger();
    accountId = await givenAccount(ledger, '100');
    shard = chainShardOf(accountId);
    const [paid, failed] = [place(accountId, '20'), place(accountId, '10')];
    await ledger.run(fund(accountId, '5', 'second'));
    await ledger.run(paid, failed, release(failed));
    const [captured] = await ledger.run(capture(paid, '15', '1'), fund(accountId, '6', 'third'));
    await ledger.run(venueFee(paid, '0.5'));
    await ledger.run(reverse(accountId, entryOf(captured)));
    // What is planted may break these for a moment.
    const once = await ledger.database.query<{ name: string }>(
      `SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indexrelid::regclass::text LIKE 'journal_entry%shard_sequence_idx'`,
    );
    for (const { name } of once) await ledger.database.query(`DROP INDEX ${name}`);
    await letPostingsChange(ledger.database);
  });
  afterAll(() => ledger.close());

  const verify = (published: readonly ChainHead[] = []): Promise<ChainReport> =>
    verifyChain((sql, params) => ledger.database.query(sql, params), SECRETS.keys, published);

  it('have each entry once, and a head for each chain', async () => {
    const report = await verify();

    expect(report).toMatchObject({ entries: 6, divergence: null });
    expect(report.heads).toHaveLength(CHAIN_SHARDS);
    expect(report.heads.filter((head) => head.sequence !== '0')).toMatchObject([
      { shard, sequence: '6' },
    ]);
  });

  it.each(PLANTED)('find %s: %s', async (found, _what, sql) => {
    const report = await reportAfter(sql, [shard, accountId]);

    expect(`${report.divergence?.kind} ${report.divergence?.sequence}`).toBe(found);
    if (report.divergence?.kind.startsWith('entry') && !found.startsWith('entry_missing'))
      expect(report.divergence.entries.length).toBeGreaterThan(0);
  });

  it('find entry_misplaced 1: an entry in a chain that is not that of its account', async () => {
    const other = (shard + 1) % CHAIN_SHARDS;
    const { divergence } = await tampered(async (query) => {
      const [{ entry } = { entry: null }] = await entriesOf(query, '6');
      if (!entry) throw new Error('there is no entry');
      const beginning = { shard: other, sequence: '0', hash: genesisOf(other) };
      const moved = { ...entry, id: randomUUIDv7(), withdrawalId: null };
      await saveEntries(query, [chainAfter(beginning, [moved], SECRETS.keys)]);
      return verifyChain(query, SECRETS.keys);
    });

    expect(divergence).toMatchObject({ kind: 'entry_misplaced', shard: other, sequence: '1' });
  });

  it.each([
    ['under the name of the key', 'entry_changed', 'as it was'],
    ['under another name', 'entry_key_unknown', 'of nobody'],
  ])('find an entry and its head rewritten together %s: %s', async (_how, kind, keyId) => {
    const { divergence } = await tampered(async (query) => {
      await rewriteLast(query);
      await query(
        `WITH forged AS (
           UPDATE journal_entry SET mac = sha256(mac), key_id = CASE $2 WHEN 'as it was' THEN key_id ELSE $2 END WHERE shard = $1 AND sequence = 6 RETURNING mac)
         UPDATE chain_head SET hash = mac FROM forged WHERE shard = $1`,
        [shard, keyId],
      );
      return verifyChain(query, SECRETS.keys);
    });

    expect(divergence).toMatchObject({ kind, shard, sequence: '6', entries: [expect.any(String)] });
  });

  it('are fooled by who has their key and rewrites all of it, but not by heads that were published before', async () => {
    const [head] = (await verify()).heads.filter((candidate) => candidate.shard === shard);

    const [alone, withHeads] = await tampered(async (query) => {
      const { previous, entry } = await rewriteLast(query);
      const place = { shard, sequence: '6' };
      const { mac } = SECRETS.keys.sign('chain entry', chainedFields(previous, place, entry));
      for (const sql of [
        `UPDATE journal_entry SET mac = decode($2, 'hex') WHERE shard = $1 AND sequence = 6`,
        `UPDATE chain_head SET hash = decode($2, 'hex') WHERE shard = $1`,
      ])
        await query(sql, [shard, mac]);
      return [
        await verifyChain(query, SECRETS.keys),
        await verifyChain(query, SECRETS.keys, head ? [head] : []),
      ];
    });

    expect(alone?.divergence).toBeNull();
    expect(withHeads?.divergence).toMatchObject({
      kind: 'published_head_differs',
      shard,
      sequence: '6',
    });
  });

  async function entriesOf(query: Query, sequence: string): Promise<PlacedEntry[]> {
    const found: PlacedEntry[] = [];
    const after = String(BigInt(sequence) - 1n);
    for await (const entry of placedEntries(query, shard, after, sequence)) found.push(entry);
    return found;
  }

  /** Another reason for the last entry. Answers what its MAC has to be made of. */
  async function rewriteLast(query: Query): Promise<{ previous: ChainHead; entry: JournalEntry }> {
    await query(`UPDATE journal_entry SET reason = 'another' WHERE shard = $1 AND sequence = 6`, [
      shard,
    ]);
    const [[previous], [last]] = [await entriesOf(query, '5'), await entriesOf(query, '6')];
    if (!previous || !last?.entry) throw new Error('there is no entry');
    return { previous, entry: last.entry };
  }

  it('go on under a new key while the old one is kept, and not without it', async () => {
    const [old, renewed] = [aKey(), aKey()];
    const other = await givenLedger(ChainKeys.parse(old));
    const query: Query = (sql, params) => other.database.query(sql, params);
    const both = ChainKeys.parse(`${renewed}\n${old}\n`);
    const commands = new ApplyCommands(
      other.unitOfWork,
      { now: () => new Date(), newId: randomUUIDv7 },
      rulesWith(),
      both,
    );
    await other.run(openAccount(accountId), fund(accountId, '5', 'under the old key'));
    await commands.apply([commandOf(fund(accountId, '5', 'r'))]);

    expect(await verifyChain(query, both)).toMatchObject({ entries: 2, divergence: null });
    expect((await verifyChain(query, ChainKeys.parse(renewed))).divergence?.kind).toBe(
      'entry_key_unknown',
    );
    await other.close();
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

  it('publish each new head once, and all of them again once Kafka has lost them', async () => {
    const ports = { ...ledger, signer: SECRETS.signer, now: () => new Date(), newId: randomUUIDv7 };

    expect([await publishChainHeads(ports), await publishChainHeads(ports)]).toEqual([1, 0]);

    const [head] = (await verify()).heads.filter((candidate) => candidate.shard === shard);
    const [message] = ledger
      .messages()
      .filter(({ topic, key }) => topic === 'ledger.chain-heads' && key === String(shard));
    expect(JSON.parse(message?.value ?? '')).toEqual({
      ...(head && SECRETS.signer.sign(head)),
      shard: String(shard),
    });

    await publishAllHeadsNext(ledger.service); // Kafka has lost them
    expect([await publishChainHeads(ports), await publishChainHeads(ports)]).toEqual([1, 0]);
  });

  it('and the book are proven by one command, in one snapshot', async () => {
    await ledger.database.query('DELETE FROM outbox'); // no relay runs here: on a busy machine its events would have waited too long
    const sound = await proveBook(ledger.service, PROOF_SECRETS);
    await ledger.database.query('UPDATE balance SET posted = posted + 1');
    const unsound = await proveBook(ledger.service, PROOF_SECRETS);
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

  it('are never broken by batches that run at the same time', async () => {
    const other = await givenLedger();
    const accounts = await Promise.all(
      Array.from({ length: 30 }, () => givenAccount(other, '100')),
    );

    await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        other.run(...accounts.map((id) => fund(id, '1', `deposit ${n}`))),
      ),
    );

    const report = await verifyChain(
      (sql, params) => other.database.query(sql, params),
      SECRETS.keys,
    );
    await other.close();
    expect(report).toMatchObject({ entries: 30 + 30 * 12, divergence: null });
  });

  function reportAfter(planted: string, params: readonly unknown[]): Promise<ChainReport> {
    return tampered(async (query, change) => {
      expect(await change(planted, params)).toBeGreaterThan(0);
      return verifyChain(query, SECRETS.keys);
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
