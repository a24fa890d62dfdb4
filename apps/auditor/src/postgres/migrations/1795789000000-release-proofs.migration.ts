import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Statements of connectors that nothing was paid. Holds released before this migration are not judged. */
const PROOFS = `
  CREATE TABLE audited_refusal (
    withdrawal_id uuid NOT NULL,
    venue         text NOT NULL,
    digest        text,
    refused_at    timestamptz NOT NULL,
    seen_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (withdrawal_id, venue)
  );
  CREATE TABLE audited_connector (
    venue        text PRIMARY KEY,
    signed_since timestamptz NOT NULL,
    signed_until timestamptz NOT NULL
  );
  CREATE TABLE audited_command_refusal (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    command_id    text NOT NULL UNIQUE,
    withdrawal_id uuid NOT NULL,
    command       text NOT NULL,
    reason        text NOT NULL,
    refused_at    timestamptz NOT NULL,
    seen_at       timestamptz NOT NULL DEFAULT clock_timestamp()
  );
  ALTER TABLE audited_hold ADD COLUMN release_judged_at timestamptz;
  UPDATE audited_hold SET release_judged_at = clock_timestamp() WHERE state = 'released';
  CREATE INDEX audited_hold_released ON audited_hold (ended_seen_at) WHERE state = 'released' AND release_judged_at IS NULL;`;

export class ReleaseProofs1795789000000 implements MigrationInterface {
  readonly name = 'ReleaseProofs1795789000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PROOFS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE audited_refusal, audited_connector, audited_command_refusal;
      ALTER TABLE audited_hold DROP COLUMN release_judged_at`);
  }
}
