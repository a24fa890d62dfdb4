import type { MigrationInterface, QueryRunner } from 'typeorm';

const [ONE_FEE, FEE_BY_REFERENCE] = [
  'withdrawal_id, kind, reverses',
  'withdrawal_id, kind, reverses, reference',
];

/** A withdrawal may have several venue fees, each under its own reference: one stands, and those before it were reversed (one-venue-fee-stands-per-withdrawal). */
export class LedgerVenueFees1764200000000 implements MigrationInterface {
  readonly name = 'LedgerVenueFees1764200000000';

  up(runner: QueryRunner): Promise<void> {
    return indexAnew(runner, ONE_FEE, FEE_BY_REFERENCE);
  }

  /** Only while no withdrawal has two of them in one part. */
  down(runner: QueryRunner): Promise<void> {
    return indexAnew(runner, FEE_BY_REFERENCE, ONE_FEE);
  }
}

/** What is unique within a partition, in all partitions there are and for all that will be made. A big partition takes its time. */
async function indexAnew(runner: QueryRunner, beforeSql: string, afterSql: string): Promise<void> {
  await runner.query('SET LOCAL statement_timeout = 0');
  await runner.query(`
    DO $$ DECLARE old regclass; part regclass; BEGIN
      FOR old, part IN SELECT i.indexrelid, i.indrelid FROM pg_index i JOIN pg_inherits h ON h.inhrelid = i.indrelid
                        WHERE h.inhparent = 'journal_entry'::regclass AND pg_get_indexdef(i.indexrelid) LIKE '% (${beforeSql}) %' LOOP
        EXECUTE format('CREATE UNIQUE INDEX ON %s (${afterSql}) NULLS NOT DISTINCT WHERE withdrawal_id IS NOT NULL', part);
        EXECUTE format('DROP INDEX %s', old);
      END LOOP;
    END $$`);
  await runner.query(
    `UPDATE partitioned_table SET seal = (SELECT array_agg(replace(s, '(${beforeSql})', '(${afterSql})') ORDER BY n) FROM unnest(seal) WITH ORDINALITY AS t(s, n))
      WHERE name = 'journal_entry'`,
  );
}
