import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where two people have said that the nonces of an address go on. */
export class NoncePlacement1795468828960 implements MigrationInterface {
  readonly name = 'NoncePlacement1795468828960';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(NONCE_PLACEMENT);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE nonce_placement');
  }
}

// The newest row of an address counts: nonces that were given before it do not move the window of that address any more.
const NONCE_PLACEMENT = `
  CREATE TABLE nonce_placement (
    chain_id     bigint NOT NULL CHECK (chain_id > 0),
    address      text NOT NULL,
    next_nonce   bigint NOT NULL CHECK (next_nonce >= 0),
    evidence     text NOT NULL CHECK (length(evidence) BETWEEN 1 AND 1000),
    requested_by text NOT NULL,
    approved_by  text NOT NULL,
    placed_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (chain_id, address, placed_at)
  )`;
