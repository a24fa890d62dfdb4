import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Fewer rows per withdrawal. The capture of a hold is part of the hold's row; the held amount is the
 * sum of the open holds; a batch marks its changed groups with one row per venue. The last compared
 * reading tells which payments are counted. No index contains a balance, so that its update stays in
 * its page.
 */
export class FewerRows1796000071000 implements MigrationInterface {
  readonly name = 'FewerRows1796000071000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = `
  ALTER TABLE audited_hold ADD COLUMN entry_id text, ADD COLUMN debited numeric,
    ADD CONSTRAINT audited_hold_captured CHECK ((entry_id IS NULL) = (debited IS NULL) AND (entry_id IS NULL OR state = 'captured'));
  CREATE INDEX audited_hold_entry ON audited_hold (entry_id) WHERE entry_id IS NOT NULL;

  CREATE TABLE short_account (
    account_id uuid NOT NULL,
    asset      text NOT NULL,
    marked_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (account_id, asset)
  );
  COMMENT ON TABLE short_account IS 'Accounts whose balance a movement has made negative, until the next comparison with a positive balance';
  INSERT INTO short_account (account_id, asset) SELECT account_id, asset FROM audited_account WHERE balance < 0;
  DROP INDEX audited_account_short;
  ALTER TABLE audited_account DROP COLUMN held;
  ALTER TABLE audited_account SET (fillfactor = 50);

  DROP INDEX venue_payment_uncounted;
  CREATE INDEX venue_payment_uncounted ON venue_payment (venue, currency, final_seen_at);
  ALTER TABLE venue_payment DROP COLUMN counted_at;

  CREATE TABLE changed_groups (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    venue         text NOT NULL,
    equality_keys text[] NOT NULL CHECK (cardinality(equality_keys) > 0)
  );
  INSERT INTO changed_groups (venue, equality_keys) SELECT venue, array_agg(DISTINCT equality_key) FROM dirty_group GROUP BY venue;
  DROP TABLE dirty_group;`;

const DOWN = `
  CREATE TABLE dirty_group (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    venue        text NOT NULL,
    equality_key text NOT NULL
  );
  INSERT INTO dirty_group (venue, equality_key) SELECT DISTINCT venue, unnest(equality_keys) FROM changed_groups;
  DROP TABLE changed_groups;

  ALTER TABLE venue_payment ADD COLUMN counted_at timestamptz;
  UPDATE venue_payment p SET counted_at = b.read_at FROM venue_balance b
   WHERE b.venue = p.venue AND b.currency = p.currency AND p.final_seen_at <= b.read_at - interval '2 minutes';
  DROP INDEX venue_payment_uncounted;
  CREATE INDEX venue_payment_uncounted ON venue_payment (venue, currency) WHERE counted_at IS NULL;

  ALTER TABLE audited_account RESET (fillfactor);
  ALTER TABLE audited_account ADD COLUMN held numeric NOT NULL DEFAULT 0;
  INSERT INTO audited_account AS a (account_id, asset, held)
  SELECT account_id, asset, sum(amount) FROM audited_hold WHERE state = 'placed' GROUP BY account_id, asset
  ON CONFLICT (account_id, asset) DO UPDATE SET held = EXCLUDED.held;
  CREATE INDEX audited_account_short ON audited_account (account_id, asset) WHERE balance < held;
  DROP TABLE short_account;

  INSERT INTO audited_movement (entry_id, account_id, asset, amount, kind, seen_at)
  SELECT entry_id, account_id, asset, -debited, 'capture', ended_seen_at FROM audited_hold WHERE entry_id IS NOT NULL
  ON CONFLICT DO NOTHING;
  ALTER TABLE audited_hold DROP CONSTRAINT audited_hold_captured, DROP COLUMN entry_id, DROP COLUMN debited;`;
