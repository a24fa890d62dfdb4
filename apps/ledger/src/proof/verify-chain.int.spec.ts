import { randomUUIDv7 } from 'node:crypto';
import { ENTRY_ROW, entryFrom, type EntryRow } from '../postgres/load-entries.js';
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
  type ChainHead,
  type ChainReport,
  chainShardOf,
  digestOf,
  genesisOf,
  keyedLinkFields,
} from '../hash-chain/chain-digest.js';
import { ChainKeys } from '../hash-chain/chain-keys.js';
import { extendChain, openChains } from '../hash-chain/extend-chain.js';
import { proveBook } from './prove-book.controller.js';
import { publishAllHeadsNext, publishChainHeads } from '../hash-chain/head-signer.js';
import type { Query } from '../sql/id-ranges.js';
import { letPostingsChange } from '../testkit/writable-postings.js';
import { verifyChain } from './verify-chain.js';

const SECOND = `(SELECT entries[1] FROM chain_link WHERE shard = $1 AND sequence = 3)`;

/** What somebody with the database's own rights might do, and how it is found. `$1` is the account's chain, `$2` the account. */
const PLANTED: readonly (readonly [found: string, what: string, sql: string])[] = [
  [
    'entry_changed 3',
    'an amount moved between two lines',
    `UPDATE posting SET amount = amount * 2 WHERE entry_id = ${SECOND} AND $2 <> ''`,
  ],
  [
    'entry_changed 3',
    'another reference',
    `UPDATE journal_entry SET reference = 'another' WHERE id = ${SECOND} AND $2 <> ''`,
  ],
  [
    'entry_changed 3',
    'another time',
    `UPDATE journal_entry SET recorded_at = recorded_at - interval '1 day' WHERE id = ${SECOND} AND $2 <> ''`,
  ],
  [
    'entry_changed 3',
    'another time of effect',
    `UPDATE journal_entry SET effective_at = '2020-01-01' WHERE id = ${SECOND} AND $2 <> ''`,
  ],
  [
    'entry_changed 3',
    'a line taken away',
    `DELETE FROM posting WHERE entry_id = ${SECOND} AND line = 2 AND $2 <> ''`,
  ],
  [
    'entry_changed 3',
    'a line added',
    `INSERT INTO posting SELECT ${SECOND}, 9, 'suspense', 'USDT.ETH', 1 WHERE $2 <> ''`,
  ],
  [
    'entry_changed 3',
    'an account outside the chart',
    `UPDATE posting SET account = 'petty-cash' WHERE entry_id = ${SECOND} AND line = 2 AND $2 <> ''`,
  ],
  [
    'entry_missing 3',
    'an entry taken away',
    `DELETE FROM journal_entry WHERE id = ${SECOND} AND $2 <> ''`,
  ],
  [
    'entry_unchained null',
    'an entry slipped in',
    `INSERT INTO journal_entry (id, kind, account_id, reference, recorded_at) SELECT gen_random_uuid(), 'funding', $2::uuid, 'gift', now() WHERE $1::int >= 0`,
  ],
  [
    'link_missing 4',
    'a link taken out of the middle',
    `DELETE FROM chain_link WHERE shard = $1 AND sequence = 3 AND $2 <> ''`,
  ],
  [
    'head_differs 6',
    'the newest link cut off',
    `DELETE FROM chain_link WHERE shard = $1 AND sequence = 6 AND $2 <> ''`,
  ],
  [
    'head_differs 5',
    'the head set back',
    `UPDATE chain_head SET sequence = 5 WHERE shard = $1 AND $2 <> ''`,
  ],
  [
    'link_changed 3',
    'another hash',
    `UPDATE chain_link SET hash = sha256(hash) WHERE shard = $1 AND sequence = 3 AND $2 <> ''`,
  ],
  [
    'entry_changed 3',
    'another digest',
    `UPDATE chain_link SET digest = sha256(digest) WHERE shard = $1 AND sequence = 3 AND $2 <> ''`,
  ],
  [
    'link_changed 3',
    'another order of links',
    `UPDATE chain_link SET sequence = CASE sequence WHEN 3 THEN 4 ELSE 3 END WHERE shard = $1 AND sequence IN (3, 4) AND $2 <> ''`,
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
    await ledger.database.query('ALTER TABLE chain_link DROP CONSTRAINT chain_link_pkey');
    await letPostingsChange(ledger.database);
  });
  afterAll(() => ledger.close());

  const verify = (published: readonly ChainHead[] = []): Promise<ChainReport> =>
    verifyChain((sql, params) => ledger.database.query(sql, params), SECRETS.keys, published);

  it('have one link for each batch with entries, and each entry once', async () => {
    const report = await verify();

    expect(report).toMatchObject({ links: CHAIN_SHARDS + 5, entries: 6, divergence: null });
    expect(report.heads.filter((head) => head.sequence !== '1')).toMatchObject([
      { shard, sequence: '6' },
    ]);
  });

  it.each(PLANTED)('find %s: %s', async (found, _what, sql) => {
    const report = await reportAfter(sql, [shard, accountId]);

    expect(`${report.divergence?.kind} ${report.divergence?.sequence}`).toBe(found);
    if (report.divergence?.kind.startsWith('entry'))
      expect(report.divergence.entries.length).toBeGreaterThan(0);
  });

  it('find entry_misplaced 2: an entry in a chain that is not that of its account', async () => {
    const other = (shard + 1) % CHAIN_SHARDS;
    const planted = `INSERT INTO chain_link SELECT $2, 2, digest, sha256(decode($3, 'hex') || digest), entries FROM chain_link WHERE shard = $1 AND sequence = 3`;

    const { divergence } = await reportAfter(planted, [shard, other, genesisOf(other)]);

    expect(divergence).toMatchObject({ kind: 'entry_misplaced', shard: other, sequence: '2' });
  });

  it.each([
    ['without a key', 'link_unkeyed', null],
    ['under the name of the key', 'link_changed', 'as it was'],
    ['under another name', 'link_key_unknown', 'of nobody'],
  ])(
    'find an entry, its link and its head rewritten together %s: %s',
    async (_how, kind, keyId) => {
      const { divergence } = await tampered(async (query) => {
        const { previous } = await rewriteLast(query);
        await query(
          `UPDATE chain_link SET hash = sha256(decode($2, 'hex') || digest), key_id = CASE $3 WHEN 'as it was' THEN key_id ELSE $3 END WHERE shard = $1 AND sequence = 6`,
          [shard, previous, keyId],
        );
        return verifyChain(query, SECRETS.keys);
      });

      expect(divergence).toMatchObject({
        kind,
        shard,
        sequence: '6',
        entries: [expect.any(String)],
      });
    },
  );

  it('are fooled by who has their key and rewrites all of it, but not by heads that were published before', async () => {
    const [head] = (await verify()).heads.filter((candidate) => candidate.shard === shard);

    const [alone, withHeads] = await tampered(async (query) => {
      const { digest, previous } = await rewriteLast(query);
      const { mac } = SECRETS.keys.sign(
        'chain link',
        keyedLinkFields(previous, { shard, sequence: '6', digest }),
      );
      for (const sql of [
        `UPDATE chain_link SET hash = decode($2, 'hex') WHERE shard = $1 AND sequence = 6`,
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

  /** Another reason for the last entry, and a digest that fits. Answers what a link has to be made of. */
  async function rewriteLast(query: Query): Promise<{ digest: string; previous: string }> {
    const [link] = await query<{ id: string; previous: string }>(
      `SELECT l.entries[1] AS id, encode(b.hash, 'hex') AS previous FROM chain_link l JOIN chain_link b ON b.shard = l.shard AND b.sequence = 5
        WHERE l.shard = $1 AND l.sequence = 6`,
      [shard],
    );
    await query(`UPDATE journal_entry SET reason = 'another' WHERE id = $1`, [link?.id]);
    const rows = await query<EntryRow>(`${ENTRY_ROW} FROM journal_entry e WHERE e.id = $1`, [
      link?.id,
    ]);
    const digest = digestOf(rows.map(entryFrom));
    await query(
      `UPDATE chain_link SET digest = decode($2, 'hex') WHERE shard = $1 AND sequence = 6`,
      [shard, digest],
    );
    return { digest, previous: link?.previous ?? '' };
  }

  it('find a chain whose first link was cut off, and one that has none', async () => {
    const other = (shard + 1) % CHAIN_SHARDS;
    const without = `DELETE FROM chain_link WHERE shard = $1`;
    const kindAfter = async (sql: string, params: readonly unknown[]) =>
      (await reportAfter(sql, params)).divergence?.kind;

    expect(await kindAfter(without, [other])).toBe('link_missing');
    expect(await kindAfter(`${without} AND sequence = 1`, [shard])).toBe('link_missing');
    const emptied = `WITH gone AS (${without}) UPDATE chain_head SET sequence = 0, hash = decode($2, 'hex') WHERE shard = $1`;
    expect(await kindAfter(emptied, [other, genesisOf(other)])).toBe('link_missing');
  });

  it('find a chain that has no key from its first link on', async () => {
    const other = (shard + 1) % CHAIN_SHARDS;
    const unkeyed = `
      WITH forged AS (UPDATE chain_link SET key_id = NULL, hash = sha256(decode($2, 'hex') || digest) WHERE shard = $1 RETURNING hash)
      UPDATE chain_head h SET hash = f.hash FROM forged f WHERE h.shard = $1`;

    const { divergence } = await reportAfter(unkeyed, [other, genesisOf(other)]);

    expect(divergence).toMatchObject({ kind: 'link_unkeyed', shard: other, sequence: '1' });
  });

  it('are opened once for a book', async () => {
    expect(await openChains(ledger.database, SECRETS.keys)).toBe(false);
  });

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
    await commands.apply(
      [openAccount(accountId), fund(accountId, '5', 'r')].map((body) => commandOf(body)),
    );

    expect((await verifyChain(query, both)).divergence).toBeNull();
    expect((await verifyChain(query, ChainKeys.parse(renewed))).divergence?.kind).toBe(
      'link_key_unknown',
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

    expect([await publishChainHeads(ports), await publishChainHeads(ports)]).toEqual([
      CHAIN_SHARDS,
      0,
    ]);

    const [head] = (await verify()).heads.filter((candidate) => candidate.shard === shard);
    const [message] = ledger
      .messages()
      .filter(({ topic, key }) => topic === 'ledger.chain-heads' && key === String(shard));
    expect(JSON.parse(message?.value ?? '')).toEqual({
      ...(head && SECRETS.signer.sign(head)),
      shard: String(shard),
    });

    await publishAllHeadsNext(ledger.service); // Kafka has lost them
    expect([await publishChainHeads(ports), await publishChainHeads(ports)]).toEqual([
      CHAIN_SHARDS,
      0,
    ]);
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

  it('find an entry that is chained a second time, though every link holds', async () => {
    const other = await givenLedger();
    const [deposit] = await other
      .run(openAccount(accountId), fund(accountId, '5', 'once'))
      .then((decisions) => decisions.slice(1));
    const rows = await other.database.query<EntryRow>(`${ENTRY_ROW} FROM journal_entry e`);
    const query: Query = (sql, params) => other.database.query(sql, params);
    await extendChain(query, rows.map(entryFrom), SECRETS.keys);

    const report = await verifyChain(query, SECRETS.keys);
    await other.close();

    expect(report.divergence).toEqual({
      kind: 'entry_chained_twice',
      shard: null,
      sequence: null,
      entries: [entryOf(deposit)],
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
