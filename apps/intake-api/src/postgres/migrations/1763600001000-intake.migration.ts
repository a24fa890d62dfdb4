import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts and keys, the catalogue with its first entries, withdrawals with their history. */
export class Intake1763600001000 implements MigrationInterface {
  readonly name = 'Intake1763600001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ACCESS);
    await runner.query(CATALOGUE);
    await runner.query(WITHDRAWALS);
    await runner.query(FIRST_ENTRIES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE withdrawal_case, withdrawal_event, withdrawal, route, account_currency, currency, network,
                 rate_window, used_signature, api_key, account`);
  }
}

const ACCESS = `
  CREATE TABLE account (
    id         uuid PRIMARY KEY,
    name       text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
  );

  CREATE TABLE api_key (
    key_id             text PRIMARY KEY,
    account_id         uuid NOT NULL REFERENCES account (id),
    label              text NOT NULL,
    secret             jsonb NOT NULL,
    permissions        text[] NOT NULL,
    rate_limit_per_min integer NOT NULL CHECK (rate_limit_per_min > 0),
    allowed_ips        text[] NOT NULL,
    created_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    revoked_at         timestamptz
  );
  CREATE INDEX api_key_account ON api_key (account_id);

  -- The replay store. The minute comes first so that inserts go to one end and the old end is deleted as a range.
  CREATE TABLE used_signature (
    minute    integer NOT NULL,
    signature bytea NOT NULL,
    PRIMARY KEY (minute, signature)
  );

  CREATE TABLE rate_window (
    key_id text NOT NULL,
    minute integer NOT NULL,
    used   integer NOT NULL,
    PRIMARY KEY (key_id, minute)
  ) WITH (fillfactor = 50)`;

const CATALOGUE = `
  CREATE TABLE network (
    code   text PRIMARY KEY,
    family text NOT NULL CHECK (family IN ('evm', 'tron', 'bitcoin')),
    active boolean NOT NULL DEFAULT true
  );

  -- The terms here are those of an account that has none of its own.
  CREATE TABLE currency (
    currency               text NOT NULL,
    network                text NOT NULL REFERENCES network (code),
    name                   text NOT NULL,
    contract_address       text,
    decimals               integer NOT NULL CHECK (decimals BETWEEN 0 AND 30),
    active                 boolean NOT NULL DEFAULT true,
    min_withdrawal_amount  numeric NOT NULL CHECK (min_withdrawal_amount >= 0),
    withdrawal_fee_flat    numeric NOT NULL CHECK (withdrawal_fee_flat >= 0),
    withdrawal_fee_percent numeric NOT NULL CHECK (withdrawal_fee_percent >= 0),
    PRIMARY KEY (currency, network)
  );

  CREATE TABLE account_currency (
    account_id             uuid NOT NULL REFERENCES account (id),
    currency               text NOT NULL,
    network                text NOT NULL,
    withdrawal_enabled     boolean NOT NULL DEFAULT true,
    min_withdrawal_amount  numeric CHECK (min_withdrawal_amount >= 0),
    withdrawal_fee_flat    numeric CHECK (withdrawal_fee_flat >= 0),
    withdrawal_fee_percent numeric CHECK (withdrawal_fee_percent >= 0),
    PRIMARY KEY (account_id, currency, network),
    FOREIGN KEY (currency, network) REFERENCES currency (currency, network)
  );

  -- Venues that pay a currency on a network, in the order of preference.
  CREATE TABLE route (
    currency text NOT NULL,
    network  text NOT NULL,
    position integer NOT NULL,
    venue    text NOT NULL,
    pays     text[] NOT NULL,
    active   boolean NOT NULL DEFAULT true,
    PRIMARY KEY (currency, network, position),
    UNIQUE (currency, network, venue),
    FOREIGN KEY (currency, network) REFERENCES currency (currency, network)
  )`;

// No index on what changes during a life (state, sequence): every update stays in its page (HOT). No foreign keys here: each
// would lock a parent row per insert on the hot path; the account comes from a proven key, and invariant history-is-whole finds a step of no withdrawal.
const WITHDRAWALS = `
  CREATE TABLE withdrawal (
    id                 uuid PRIMARY KEY,
    number             bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    account_id         uuid NOT NULL,
    key_id             text NOT NULL,
    client_reference   text,
    -- A refused hold gives the reference back: the request counts as never made.
    rejected_reference text,
    currency           text NOT NULL,
    network            text NOT NULL,
    decimals           integer NOT NULL,
    destination        jsonb NOT NULL,
    amount             numeric NOT NULL CHECK (amount > 0),
    fee                numeric NOT NULL CHECK (fee >= 0),
    venue              text NOT NULL,
    state              text NOT NULL,
    sequence           integer NOT NULL CHECK (sequence > 0),
    venue_reference    text,
    tx_hash            text,
    error_message      text,
    expected_at        timestamptz,
    requested_at       timestamptz NOT NULL,
    broadcast_at       timestamptz,
    confirmed_at       timestamptz,
    updated_at         timestamptz NOT NULL
  ) WITH (fillfactor = 60);
  CREATE UNIQUE INDEX withdrawal_reference ON withdrawal (key_id, client_reference) WHERE client_reference IS NOT NULL;
  CREATE INDEX withdrawal_account ON withdrawal (account_id, number);

  CREATE TABLE withdrawal_event (
    withdrawal_id uuid NOT NULL,
    sequence      integer NOT NULL,
    from_state    text,
    to_state      text NOT NULL,
    trigger       text NOT NULL,
    detail        text,
    at            timestamptz NOT NULL,
    PRIMARY KEY (withdrawal_id, sequence)
  );

  -- A fact that fits no transition of the state machine: kept for operators, nothing is rewritten.
  CREATE TABLE withdrawal_case (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    withdrawal_id uuid NOT NULL,
    message_id    text NOT NULL UNIQUE,
    state         text NOT NULL,
    trigger       text NOT NULL,
    detail        text,
    opened_at     timestamptz NOT NULL DEFAULT clock_timestamp()
  )`;

const FIRST_ENTRIES = `
  INSERT INTO network (code, family) VALUES ('ETH', 'evm'), ('TRX', 'tron'), ('BTC', 'bitcoin');

  INSERT INTO currency (currency, network, name, contract_address, decimals, min_withdrawal_amount, withdrawal_fee_flat, withdrawal_fee_percent) VALUES
    ('USDT', 'ETH', 'Tether USD', '0xdAC17F958D2ee523a2206206994597C13D831ec7', 6, 2, 1, 0.1),
    ('ETH', 'ETH', 'Ether', NULL, 18, 0.001, 0.0005, 0.1),
    ('USDT', 'TRX', 'Tether USD', 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t', 6, 2, 1, 0.1),
    ('BTC', 'BTC', 'Bitcoin', NULL, 8, 0.001, 0.00005, 0.1);

  INSERT INTO route (currency, network, position, venue, pays)
    SELECT currency, network, 1, 'gateio', '{address,venue_account}' FROM currency`;
