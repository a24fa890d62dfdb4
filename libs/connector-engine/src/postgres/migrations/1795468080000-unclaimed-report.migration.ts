import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What intake-api was told about unclaimed records, and the payment of every order in the words of a record. */
export class UnclaimedReport1795468080000 implements MigrationInterface {
  readonly name = 'UnclaimedReport1795468080000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UNCLAIMED_REPORT);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(NO_UNCLAIMED_REPORT);
  }
}

// payment_key: as equality_key, and for forms whose records carry our reference as well. reported_as: what intake-api knows of a record.
const UNCLAIMED_REPORT = `
  ALTER TABLE submission ADD COLUMN payment_key text;
  ALTER TABLE unclaimed_record ADD COLUMN reported_as text CHECK (reported_as IN ('open','closed'));
  UPDATE unclaimed_record SET reported_as = 'closed' WHERE closed_at IS NOT NULL`;

const NO_UNCLAIMED_REPORT = `
  ALTER TABLE unclaimed_record DROP COLUMN reported_as;
  ALTER TABLE submission DROP COLUMN payment_key`;
