import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { JournalEntry } from '@sluice/ledger-core';
import { digestOf, genesisOf } from '../../hash-chain/chain-digest.js';
import { CHAIN_SHARDS, chainShardOf } from '../../hash-chain/chain-shard.js';
import { ENTRY_ROW, entryFrom, type EntryRow } from '../load-entries.js';

const AT_ONCE = 1000;

/** Chains over the journal, what is there already included; and no right of the service's own role to change what only grows. */
export class LedgerChain1763800000000 implements MigrationInterface {
  readonly name = 'LedgerChain1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...CHAIN, ...ENTRY_EXISTS]) await runner.query(statement);
    const shards = Array.from({ length: CHAIN_SHARDS }, (_, shard) => shard);
    await runner.query(
      `INSERT INTO chain_head (shard, hash) SELECT shard, decode(hash, 'hex') FROM unnest($1::smallint[], $2::text[]) AS k(shard, hash)`,
      [shards, shards.map(genesisOf)],
    );
    await chainWhatIsThere(runner);
    for (const statement of RIGHTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('GRANT UPDATE, DELETE, TRUNCATE ON journal_entry, posting TO CURRENT_USER');
    await runner.query('DROP TRIGGER posting_has_entry ON posting');
    await runner.query('DROP FUNCTION posting_has_entry');
    await runner.query('ALTER TABLE posting ADD FOREIGN KEY (entry_id) REFERENCES journal_entry');
    await runner.query(
      'ALTER TABLE journal_entry ADD FOREIGN KEY (reverses) REFERENCES journal_entry',
    );
    await runner.query('DROP TABLE chain_link, chain_head');
  }
}

// A head is updated by each batch with entries: free space in its page keeps it there.
const CHAIN = [
  `CREATE TABLE chain_head (
     shard     smallint PRIMARY KEY,
     sequence  bigint NOT NULL DEFAULT 0,
     hash      bytea NOT NULL,
     published bigint NOT NULL DEFAULT 0
   ) WITH (fillfactor = 20)`,
  `CREATE TABLE chain_link (
     shard    smallint NOT NULL,
     sequence bigint NOT NULL,
     digest   bytea NOT NULL,
     hash     bytea NOT NULL,
     entries  uuid[] NOT NULL,
     PRIMARY KEY (shard, sequence)
   )`,
  `CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON chain_link
     FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows()`,
];

// A foreign key locks the row it points at, which needs the right to update it: that right is what goes below. The same check once per
// statement needs none.
const ENTRY_EXISTS = [
  'ALTER TABLE posting DROP CONSTRAINT posting_entry_id_fkey',
  'ALTER TABLE journal_entry DROP CONSTRAINT journal_entry_reverses_fkey',
  `CREATE FUNCTION posting_has_entry() RETURNS trigger LANGUAGE plpgsql AS $$
   DECLARE
     lost uuid;
   BEGIN
     SELECT a.entry_id INTO lost FROM added a WHERE NOT EXISTS (SELECT FROM journal_entry e WHERE e.id = a.entry_id) LIMIT 1;
     IF FOUND THEN
       RAISE EXCEPTION 'posting of no entry: %', lost USING ERRCODE = 'foreign_key_violation';
     END IF;
     SELECT e.reverses INTO lost FROM added a JOIN journal_entry e ON e.id = a.entry_id
      WHERE e.reverses IS NOT NULL AND NOT EXISTS (SELECT FROM journal_entry r WHERE r.id = e.reverses) LIMIT 1;
     IF FOUND THEN
       RAISE EXCEPTION 'reversal of no entry: %', lost USING ERRCODE = 'foreign_key_violation';
     END IF;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER posting_has_entry AFTER INSERT ON posting
     REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION posting_has_entry()`,
];

// The role that migrates owns the tables and is the service's own, so it takes the rights from itself; a role of its own gets no more.
const RIGHTS = [
  'REVOKE UPDATE, DELETE, TRUNCATE ON journal_entry, posting, chain_link FROM CURRENT_USER',
];

async function chainWhatIsThere(runner: QueryRunner): Promise<void> {
  for (let after: string | null = null; ;) {
    const rows = (await runner.query(
      `${ENTRY_ROW} FROM journal_entry e WHERE $1::uuid IS NULL OR e.id > $1 ORDER BY e.id LIMIT ${AT_ONCE}`,
      [after],
    )) as EntryRow[];
    await appendUnkeyed(runner, rows.map(entryFrom));
    if (rows.length < AT_ONCE) return;
    after = rows.at(-1)?.id ?? null;
  }
}

/** Links as they were before chains had keys. */
async function appendUnkeyed(runner: QueryRunner, entries: readonly JournalEntry[]): Promise<void> {
  const byShard = [...Map.groupBy(entries, (entry) => chainShardOf(entry.accountId))];
  await runner.query(APPEND, [
    byShard.map(([shard]) => shard),
    byShard.map(([, linked]) => digestOf(linked)),
    byShard.map(([, linked]) => `{${linked.map((entry) => entry.id).join(',')}}`),
  ]);
}

const APPEND = `
  WITH moved AS (
    UPDATE chain_head h SET sequence = h.sequence + 1, hash = sha256(h.hash || decode(k.digest, 'hex'))
      FROM unnest($1::smallint[], $2::text[], $3::text[]) AS k(shard, digest, entries)
     WHERE h.shard = k.shard
    RETURNING h.shard, h.sequence, k.digest, h.hash, k.entries)
  INSERT INTO chain_link (shard, sequence, digest, hash, entries)
  SELECT shard, sequence, decode(digest, 'hex'), hash, entries::uuid[] FROM moved`;
