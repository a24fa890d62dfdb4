import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Makes withdrawal numbers unique across a restore: a restored sequence would assign a client's
 * number again to another withdrawal. A number is the millisecond since 2026 and eleven bits of the
 * sequence, used to distinguish withdrawals within a millisecond. Numbers increase, have gaps, and
 * stay below 2^53 (exact in every client) for another hundred years.
 */
export class Numbers1764600000000 implements MigrationInterface {
  readonly name = 'Numbers1764600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE withdrawal ALTER COLUMN number DROP IDENTITY;
      CREATE SEQUENCE withdrawal_number AS bigint OWNED BY withdrawal.number;
      ALTER TABLE withdrawal ALTER COLUMN number SET DEFAULT
        floor(extract(epoch FROM clock_timestamp() - timestamptz '2026-01-01T00:00:00Z') * 1000)::bigint * 2048 + nextval('withdrawal_number') % 2048`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE withdrawal ALTER COLUMN number DROP DEFAULT;
      DROP SEQUENCE withdrawal_number;
      ALTER TABLE withdrawal ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY;
      SELECT setval(pg_get_serial_sequence('withdrawal', 'number'), (SELECT coalesce(max(number), 0) + 1 FROM withdrawal))`);
  }
}
