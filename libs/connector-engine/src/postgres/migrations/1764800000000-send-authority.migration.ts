import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What vouches for a submission: the words of intake-api and the ledger, and this connector's own seals. */
export class SendAuthority1764800000000 implements MigrationInterface {
  readonly name = 'SendAuthority1764800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SEND_AUTHORITY);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(NO_SEND_AUTHORITY);
  }
}

// nothing_moved: the proof that was published for the ledger. nothing_moved_seal: another attempt may follow this one.
const SEND_AUTHORITY = `
  ALTER TABLE submission ADD COLUMN fee numeric, ADD COLUMN order_mac text, ADD COLUMN hold_receipt text, ADD COLUMN nothing_moved text;
  ALTER TABLE attempt ADD COLUMN request_seal text, ADD COLUMN nothing_moved_seal text`;

const NO_SEND_AUTHORITY = `
  ALTER TABLE submission DROP COLUMN fee, DROP COLUMN order_mac, DROP COLUMN hold_receipt, DROP COLUMN nothing_moved;
  ALTER TABLE attempt DROP COLUMN request_seal, DROP COLUMN nothing_moved_seal`;
