import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A client's reference is good once, for ever. When a withdrawal leaves, what a repeat of its request is answered stays here: the row
 * without its history and without what only the work on it needed.
 */
export class Retention1764600002000 implements MigrationInterface {
  readonly name = 'Retention1764600002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE archived_withdrawal (
        key_id              text NOT NULL,
        client_reference    text NOT NULL,
        id                  uuid NOT NULL,
        number              bigint NOT NULL,
        account_id          uuid NOT NULL,
        currency            text NOT NULL,
        network             text NOT NULL,
        decimals            integer NOT NULL,
        destination         jsonb NOT NULL,
        amount              numeric NOT NULL,
        fee                 numeric NOT NULL,
        venue               text NOT NULL,
        pinned              boolean NOT NULL,
        tried               text[] NOT NULL,
        state               text NOT NULL CHECK (state IN ('completed', 'failed', 'cancelled')),
        sequence            integer NOT NULL,
        venue_reference     text,
        tx_hash             text,
        error_message       text,
        requested_at        timestamptz NOT NULL,
        broadcast_at        timestamptz,
        confirmed_at        timestamptz,
        cancel_requested_at timestamptz,
        cancel_requested_by text,
        cancel_refusal      text,
        digest              text,
        archived_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (key_id, client_reference)
      );
      CREATE INDEX withdrawal_case_of ON withdrawal_case (withdrawal_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX withdrawal_case_of');
    await runner.query('DROP TABLE archived_withdrawal');
  }
}
