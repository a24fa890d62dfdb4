import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts, balances, holds and the journal; constraints repeat what ledger-core promises. */
export class LedgerTables1763600100000 implements MigrationInterface {
  readonly name = 'LedgerTables1763600100000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [
      ACCOUNT,
      BALANCE,
      HOLD,
      JOURNAL_ENTRY,
      ...JOURNAL_INDEXES,
      POSTING,
      ...BALANCED_ENTRIES,
      ...JOURNAL_ONLY_GROWS,
    ]) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE posting, journal_entry, hold, balance, account');
    await runner.query('DROP FUNCTION posting_must_balance, journal_only_grows');
  }
}

const ACCOUNT = `
  CREATE TABLE account (
    id        uuid PRIMARY KEY,
    name      text NOT NULL,
    opened_at timestamptz NOT NULL
  )`;

// Free space in each page lets an update stay on it and leave the index alone. The reference is checked at commit because an account
// may be opened and funded in one batch; updates of amounts never fire it.
const BALANCE = `
  CREATE TABLE balance (
    account_id uuid NOT NULL REFERENCES account DEFERRABLE INITIALLY DEFERRED,
    asset      text NOT NULL,
    posted     numeric NOT NULL DEFAULT 0,
    held       numeric NOT NULL DEFAULT 0,
    PRIMARY KEY (account_id, asset),
    CONSTRAINT balance_covers_holds CHECK (held >= 0 AND posted >= held)
  ) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05)`;

// A refused request keeps its row: the same withdrawal is never answered otherwise. It may name an account that does not exist.
const HOLD = `
  CREATE TABLE hold (
    withdrawal_id uuid PRIMARY KEY,
    account_id    uuid NOT NULL,
    asset         text NOT NULL,
    amount        numeric NOT NULL,
    state         text NOT NULL,
    decided_at    timestamptz NOT NULL,
    closed_at     timestamptz,
    captured      numeric,
    fee           numeric,
    venue         text,
    entry_id      uuid,
    reason        text,
    available     numeric,
    CONSTRAINT hold_state CHECK (CASE state
      WHEN 'placed'   THEN amount > 0 AND num_nonnulls(closed_at, captured, fee, venue, entry_id, reason) = 0
      WHEN 'captured' THEN num_nulls(closed_at, captured, fee, venue, entry_id) = 0 AND captured > 0 AND fee >= 0 AND captured + fee <= amount
      WHEN 'released' THEN amount > 0 AND num_nulls(closed_at, reason) = 0 AND num_nonnulls(captured, fee, venue, entry_id) = 0
      WHEN 'refused'  THEN reason IS NOT NULL AND num_nonnulls(closed_at, captured, fee, venue, entry_id) = 0
      ELSE false END)
  ) WITH (fillfactor = 80)`;

const JOURNAL_ENTRY = `
  CREATE TABLE journal_entry (
    id            uuid PRIMARY KEY,
    kind          text NOT NULL,
    account_id    uuid NOT NULL,
    withdrawal_id uuid,
    reference     text,
    recorded_at   timestamptz NOT NULL,
    CONSTRAINT entry_kind CHECK (CASE kind
      WHEN 'funding'   THEN reference IS NOT NULL AND withdrawal_id IS NULL
      WHEN 'capture'   THEN withdrawal_id IS NOT NULL
      WHEN 'venue_fee' THEN withdrawal_id IS NOT NULL
      ELSE false END)
  )`;

const JOURNAL_INDEXES = [
  'CREATE UNIQUE INDEX entry_once_per_withdrawal ON journal_entry (withdrawal_id, kind) WHERE withdrawal_id IS NOT NULL',
  `CREATE UNIQUE INDEX funding_once_per_reference ON journal_entry (account_id, reference) WHERE kind = 'funding'`,
  'CREATE INDEX entry_by_account ON journal_entry (account_id, recorded_at, id)',
];

const POSTING = `
  CREATE TABLE posting (
    entry_id uuid NOT NULL REFERENCES journal_entry,
    line     smallint NOT NULL,
    account  text NOT NULL,
    asset    text NOT NULL,
    amount   numeric NOT NULL,
    PRIMARY KEY (entry_id, line),
    CONSTRAINT posting_not_zero CHECK (amount <> 0),
    CONSTRAINT posting_in_chart CHECK (split_part(account, ':', 1) IN ('customer', 'clearing', 'fee-income', 'venue-fee', 'funding', 'suspense'))
  )`;

// Once per statement and not per row: an entry's postings are always inserted together.
const BALANCED_ENTRIES = [
  `CREATE FUNCTION posting_must_balance() RETURNS trigger LANGUAGE plpgsql AS $$
   DECLARE
     wrong record;
   BEGIN
     SELECT entry_id, asset, sum(amount) AS difference INTO wrong FROM added GROUP BY entry_id, asset HAVING sum(amount) <> 0 LIMIT 1;
     IF FOUND THEN
       RAISE EXCEPTION 'entry % is off by % %', wrong.entry_id, wrong.difference, wrong.asset USING ERRCODE = 'check_violation';
     END IF;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER posting_must_balance AFTER INSERT ON posting
     REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION posting_must_balance()`,
];

const JOURNAL_ONLY_GROWS = [
  `CREATE FUNCTION journal_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     RAISE EXCEPTION '% of % is not allowed: the journal only grows', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
   END $$`,
  ...['journal_entry', 'posting'].map(
    (table) =>
      `CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows()`,
  ),
];
