import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Transactions of our addresses that are on no other record, as after a restore: they are read from the chain. */
export class ForgottenTransactions1795650000000 implements MigrationInterface {
  readonly name = 'ForgottenTransactions1795650000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UNREAD);
    await runner.query(FORGOTTEN_TRANSACTION);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE forgotten_transaction');
    await runner.query('ALTER TABLE lane DROP COLUMN unread_nonce, DROP COLUMN unread_block');
  }
}

// The lowest nonce whose transaction may be on no record, and the block that was the head when the rows of the address were complete.
// NULL: the transactions of the address are on record.
const UNREAD = `
  ALTER TABLE lane ADD COLUMN unread_nonce bigint, ADD COLUMN unread_block bigint,
    ADD CHECK ((unread_nonce IS NULL) = (unread_block IS NULL))`;

// asset, amount and recipient are NULL for a transaction that paid nothing to another address.
const FORGOTTEN_TRANSACTION = `
  CREATE TABLE forgotten_transaction (
    network      text NOT NULL,
    address      text NOT NULL,
    nonce        bigint NOT NULL,
    hash         text NOT NULL,
    block_number bigint NOT NULL,
    asset        text,
    amount       numeric CHECK (amount > 0),
    recipient    text,
    noted_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (network, address, nonce),
    CHECK ((asset IS NULL) = (amount IS NULL) AND (asset IS NULL) = (recipient IS NULL))
  )`;
