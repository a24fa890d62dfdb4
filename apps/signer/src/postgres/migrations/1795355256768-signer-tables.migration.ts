import type { MigrationInterface, QueryRunner } from 'typeorm';

// Whom a nonce was given to. The keys are the promise: no nonce for two payments, no payment under two nonces.
const SIGNED_NONCE = `
  CREATE TABLE signed_nonce (
    chain_id      bigint NOT NULL CHECK (chain_id > 0),
    address       text NOT NULL,
    nonce         bigint NOT NULL CHECK (nonce >= 0),
    kind          text NOT NULL CHECK (kind IN ('payment', 'void', 'top_up')),
    withdrawal_id uuid UNIQUE,
    recipient     text NOT NULL,
    token         text,
    units         numeric NOT NULL CHECK (units >= 0),
    gas_asset     text NOT NULL,
    given_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (chain_id, address, nonce),
    CHECK ((kind = 'payment') = (withdrawal_id IS NOT NULL)),
    CHECK ((kind = 'void') = (units = 0)),
    CHECK (kind <> 'void' OR (recipient = address AND token IS NULL))
  )`;

// signing_hash: what was signed, so that one request has one answer; it does not tell the sender, so that two may have the same. units: of the coin or the token, in its smallest unit. gas_cost: in coins.
const SIGNATURE = `
  CREATE TABLE signature (
    signing_hash             text NOT NULL,
    hash                     text NOT NULL,
    raw                      text NOT NULL,
    kind                     text NOT NULL CHECK (kind IN ('payment', 'void', 'top_up')),
    chain_id                 bigint NOT NULL,
    address                  text NOT NULL,
    nonce                    bigint NOT NULL,
    recipient                text NOT NULL,
    token                    text,
    units                    numeric NOT NULL,
    max_fee_per_gas          numeric NOT NULL,
    max_priority_fee_per_gas numeric NOT NULL,
    gas_limit                numeric NOT NULL,
    gas_cost                 numeric NOT NULL,
    signed_at                timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (signing_hash, address),
    FOREIGN KEY (chain_id, address, nonce) REFERENCES signed_nonce,
    CHECK ((kind = 'void') = (units = 0)),
    CHECK (kind <> 'void' OR (recipient = address AND token IS NULL))
  )`;

const SIGNED_TOTAL = `
  CREATE TABLE signed_total (
    spending text NOT NULL CHECK (spending IN ('payment', 'top_up', 'gas')),
    asset    text NOT NULL,
    hour     timestamptz NOT NULL DEFAULT 'epoch',
    amount   numeric NOT NULL DEFAULT 0 CHECK (amount >= 0),
    PRIMARY KEY (spending, asset)
  ) WITH (fillfactor = 50)`;

/** What was signed for whom, every signature, and what has been given away in this hour. */
export class SignerTables1795355256768 implements MigrationInterface {
  readonly name = 'SignerTables1795355256768';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [
      SIGNED_NONCE,
      SIGNATURE,
      'CREATE INDEX signature_of_nonce ON signature (chain_id, address, nonce)',
      SIGNED_TOTAL,
    ])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE signed_total, signature, signed_nonce');
  }
}
