import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A database that was put back to an earlier moment must not give a number again that a client holds for another withdrawal, and a
 * sequence goes back with its database. Time does not: a number is the millisecond since 2026 and eleven bits of the sequence, which tell
 * apart what is taken within one. It grows, has gaps, and is an exact number for everybody (below 2^53) for another hundred years.
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
