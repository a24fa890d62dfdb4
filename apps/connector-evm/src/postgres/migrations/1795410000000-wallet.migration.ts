import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Nonces, one row each from its lease to its end, the transactions that were signed for them, and who follows a chain. */
export class Wallet1795410000000 implements MigrationInterface {
  readonly name = 'Wallet1795410000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(LANE);
    await runner.query(NONCE);
    await runner.query(ONLY_FORWARD);
    await runner.query(TRANSACTION);
    await runner.query(TOP_UP);
    await runner.query(FOLLOWER);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE chain_follower, top_up, transaction, nonce, lane');
    await runner.query('DROP FUNCTION nonce_only_goes_forward');
  }
}

const ADDRESS = `~ '^0x[0-9a-fA-F]{40}$'`;
const HASH = `~ '^0x[0-9a-f]{64}$'`;

// A sending address. next_nonce is given out under a lock on this row; all of one network are locked in the order of their addresses.
const LANE = `
  CREATE TABLE lane (
    network        text NOT NULL CHECK (network ~ '^[A-Z0-9_-]{1,32}$'),
    address        text NOT NULL CHECK (address ${ADDRESS}),
    purpose        text NOT NULL CHECK (purpose IN ('hot','tank')),
    account_id     uuid,
    next_nonce     bigint NOT NULL CHECK (next_nonce >= 0),
    paused_because text CHECK (length(paused_because) BETWEEN 1 AND 1000),
    created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (network, address)
  )`;

// amount: in the smallest units of its asset. gas_reserve: the most wei that any of its transactions may cost. mined_in: the block that one
// of them is in, as it was last seen. A payment that was never let go may become a void and keeps its withdrawal then; no other ever gets it.
const NONCE = `
  CREATE TABLE nonce (
    network          text NOT NULL,
    address          text NOT NULL,
    nonce            bigint NOT NULL CHECK (nonce >= 0),
    purpose          text NOT NULL CHECK (purpose IN ('payment','void','top_up')),
    withdrawal_id    uuid,
    client_reference text,
    asset            text NOT NULL,
    decimals         smallint NOT NULL CHECK (decimals BETWEEN 0 AND 36),
    amount           numeric(78,0) NOT NULL CHECK (amount >= 0),
    recipient        text NOT NULL CHECK (recipient ${ADDRESS}),
    gas_reserve      numeric(78,0) NOT NULL DEFAULT 0 CHECK (gas_reserve >= 0),
    state            text NOT NULL DEFAULT 'leased' CHECK (state IN ('leased','released','final','dead')),
    outcome          text CHECK (outcome IN ('paid','no_transfer','reverted','disputed','void','dead')),
    mined_in         bigint CHECK (mined_in >= 0),
    leased_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    released_at      timestamptz,
    cancel_asked_at  timestamptz,
    final_at         timestamptz,
    taken_back_at    timestamptz,
    PRIMARY KEY (network, address, nonce),
    FOREIGN KEY (network, address) REFERENCES lane,
    CONSTRAINT one_nonce_per_withdrawal UNIQUE (withdrawal_id),
    CONSTRAINT payment_of_a_withdrawal CHECK (purpose <> 'payment' OR (withdrawal_id IS NOT NULL AND client_reference IS NOT NULL)),
    CONSTRAINT void_pays_nothing CHECK (purpose <> 'void' OR (amount = 0 AND recipient = address)),
    CONSTRAINT ended_with_an_outcome CHECK ((state IN ('final','dead')) = (outcome IS NOT NULL) AND (outcome IS NOT NULL) = (final_at IS NOT NULL)),
    CONSTRAINT released_at_a_time CHECK (state NOT IN ('released','final') OR released_at IS NOT NULL),
    CONSTRAINT dead_and_not_final CHECK ((outcome = 'dead') = (state = 'dead'))
  ) WITH (fillfactor = 70);
  CREATE INDEX nonce_open ON nonce (network, address, nonce) WHERE state IN ('leased','released') AND mined_in IS NULL;
  CREATE INDEX nonce_taken_back ON nonce (network) WHERE taken_back_at IS NOT NULL;
  CREATE INDEX nonce_client_reference ON nonce (client_reference);
  CREATE INDEX nonce_released_at ON nonce (released_at);
  CREATE INDEX nonce_mined_in ON nonce (network, mined_in)`;

// What was let go may be mined at any time: it never becomes unsent again, and what is final stays so.
const ONLY_FORWARD = `
  CREATE FUNCTION nonce_only_goes_forward() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.state <> OLD.state AND NOT (OLD.state = 'leased' OR (OLD.state = 'released' AND NEW.state IN ('final','dead'))) THEN
      RAISE EXCEPTION 'a row of nonce does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state <> 'leased' AND (NEW.withdrawal_id IS DISTINCT FROM OLD.withdrawal_id OR NEW.amount <> OLD.amount OR NEW.recipient <> OLD.recipient
                                  OR NEW.asset <> OLD.asset OR NEW.purpose <> OLD.purpose) THEN
      RAISE EXCEPTION 'what a nonce was let go for does not change' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.purpose <> 'payment' AND NEW.purpose = 'payment' THEN
      RAISE EXCEPTION 'a nonce that was given up never pays' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER only_forward BEFORE UPDATE ON nonce FOR EACH ROW EXECUTE FUNCTION nonce_only_goes_forward()`;

// sent_in: the head when a node first took it. refused_as: how nodes refused it last. paid: its receipt proves what was asked; null before it is final.
const TRANSACTION = `
  CREATE TABLE transaction (
    hash                text PRIMARY KEY CHECK (hash ${HASH}),
    network             text NOT NULL,
    address             text NOT NULL,
    nonce               bigint NOT NULL,
    kind                text NOT NULL CHECK (kind IN ('payment','void','top_up')),
    raw                 text NOT NULL CHECK (raw ~ '^0x02[0-9a-f]+$'),
    gas_limit           numeric(78,0) NOT NULL CHECK (gas_limit > 0),
    max_fee             numeric(78,0) NOT NULL CHECK (max_fee > 0),
    max_priority_fee    numeric(78,0) NOT NULL CHECK (max_priority_fee >= 0),
    signed_at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    sent_at             timestamptz,
    sent_in             bigint,
    refused_as          text,
    block_number        bigint,
    block_hash          text CHECK (block_hash ${HASH}),
    mined_at            timestamptz,
    reverted            boolean,
    paid                boolean,
    gas_used            numeric(78,0),
    effective_gas_price numeric(78,0),
    final_at            timestamptz,
    FOREIGN KEY (network, address, nonce) REFERENCES nonce,
    CONSTRAINT mined_in_a_block CHECK ((block_number IS NULL) = (block_hash IS NULL) AND (block_number IS NULL) = (mined_at IS NULL)),
    CONSTRAINT final_in_a_block CHECK (final_at IS NULL OR (block_number IS NOT NULL AND gas_used IS NOT NULL AND effective_gas_price IS NOT NULL))
  ) WITH (fillfactor = 70);
  CREATE INDEX transaction_nonce ON transaction (network, address, nonce);
  CREATE UNIQUE INDEX transaction_one_final ON transaction (network, address, nonce) WHERE final_at IS NOT NULL`;

const TOP_UP = `
  CREATE TABLE top_up (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    network      text NOT NULL,
    from_address text NOT NULL CHECK (from_address ${ADDRESS}),
    to_address   text NOT NULL CHECK (to_address ${ADDRESS}),
    amount       numeric(78,0) NOT NULL CHECK (amount > 0),
    nonce        bigint,
    outcome      text CHECK (outcome IN ('paid','no_transfer','reverted','disputed','void','dead')),
    begun_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at     timestamptz,
    FOREIGN KEY (network, from_address, nonce) REFERENCES nonce,
    CONSTRAINT ended_with_an_outcome CHECK ((outcome IS NULL) = (ended_at IS NULL))
  );
  CREATE UNIQUE INDEX top_up_one_at_once ON top_up (network, to_address) WHERE ended_at IS NULL`;

// token: who follows writes only while this is still its number.
const FOLLOWER = `
  CREATE TABLE chain_follower (
    network      text PRIMARY KEY,
    owner        uuid NOT NULL,
    until        timestamptz NOT NULL,
    token        bigint NOT NULL,
    head_number  bigint,
    head_hash    text,
    final_number bigint,
    base_fee     numeric(78,0),
    tip          numeric(78,0),
    looked_at    timestamptz
  )`;
