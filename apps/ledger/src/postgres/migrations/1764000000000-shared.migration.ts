import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The balance of a shared account without reading its postings: each transaction leaves one row for each shared account that it posted to,
 * and a worker folds those rows into days.
 */
export class LedgerShared1764000000000 implements MigrationInterface {
  readonly name = 'LedgerShared1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of SHARED) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE shared_day, shared_sum');
  }
}

// What is not folded yet is found by a mark on the row and never by a position: a transaction that commits late cannot be behind it.
const SHARED = [
  `CREATE TABLE shared_sum (
     id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     account      text NOT NULL,
     asset        text NOT NULL,
     amount       numeric NOT NULL,
     recorded_at  timestamptz NOT NULL,
     effective_at timestamptz NOT NULL,
     written_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
     folded       boolean NOT NULL DEFAULT false
   )`,
  'CREATE INDEX shared_unfolded ON shared_sum (account) WHERE NOT folded',
  'CREATE INDEX shared_by_recorded ON shared_sum (account, recorded_at) WHERE folded',
  'CREATE INDEX shared_by_effective ON shared_sum (account, effective_at) WHERE folded',
  `CREATE TABLE shared_day (
     account text NOT NULL,
     by      text NOT NULL CHECK (by IN ('recorded', 'effective')),
     day     date NOT NULL,
     asset   text NOT NULL,
     sum     numeric NOT NULL,
     PRIMARY KEY (account, by, day, asset)
   ) WITH (fillfactor = 50)`,
  `INSERT INTO shared_sum (account, asset, amount, recorded_at, effective_at)
   SELECT p.account, p.asset, sum(p.amount), e.recorded_at, coalesce(e.effective_at, e.recorded_at)
     FROM posting p JOIN journal_entry e ON e.id = p.entry_id WHERE p.account NOT LIKE 'customer:%' GROUP BY 1, 2, 4, 5`,
];
