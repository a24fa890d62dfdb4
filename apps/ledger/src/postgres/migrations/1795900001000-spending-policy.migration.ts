import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds the spending policy: rule sets, meters, counters and prices, and the facts of a hold that the
 * counters are computed from. `policy_use` is the only definition in SQL of what a meter counts: new
 * counters are filled from it, and an invariant compares all counters with it.
 */
export class SpendingPolicy1795900001000 implements MigrationInterface {
  readonly name = 'SpendingPolicy1795900001000';
  readonly contracts = {
    since: '0.3.0',
    because:
      'release 0.3.0 writes no column of the policy; its holds are refused only after a rule set with rules has started',
  };
  readonly locks = 'the columns of hold have no default, and no constraint reads an existing row';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(HOLD);
    await runner.query(`CREATE VIEW policy_use AS ${POLICY_USE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(UNDO);
  }
}

const TABLES = `
  CREATE TABLE policy_set (
    version      integer PRIMARY KEY CHECK (version > 0),
    follows      integer NOT NULL,
    document     text NOT NULL,
    has_rules    boolean NOT NULL,
    starts_at    timestamptz NOT NULL,
    published_at timestamptz NOT NULL,
    requested_by text NOT NULL,
    approved_by  text NOT NULL,
    seal         text NOT NULL,
    CONSTRAINT policy_set_by_two_people CHECK (requested_by <> approved_by),
    CONSTRAINT policy_set_starts_after_its_publishing CHECK (starts_at >= published_at)
  );
  CREATE TABLE policy_meter (
    id        text PRIMARY KEY,
    accounts  text[],
    keys      text[],
    assets    text[],
    venues    text[],
    per       text[] NOT NULL,
    unit      text NOT NULL CHECK (unit IN ('asset', 'EUR', 'payments')),
    period    text NOT NULL CHECK (period IN ('hour', 'day', '30_days', 'lifetime', 'calendar_day')),
    time_zone text,
    prices    jsonb NOT NULL
  );
  CREATE TABLE policy_counter (
    meter  text NOT NULL,
    key    text NOT NULL,
    bucket timestamptz NOT NULL,
    used   numeric NOT NULL,
    PRIMARY KEY (meter, key, bucket)
  ) WITH (fillfactor=50);
  CREATE TABLE policy_price (
    asset        text NOT NULL,
    at           timestamptz NOT NULL,
    eur          numeric NOT NULL CHECK (eur > 0),
    requested_by text NOT NULL,
    approved_by  text CHECK (approved_by <> requested_by),
    seal         text NOT NULL,
    PRIMARY KEY (asset, at)
  );`;

const HOLD = `
  ALTER TABLE hold
    ADD COLUMN policy_version integer,
    ADD COLUMN payout numeric,
    ADD COLUMN key_id text,
    ADD COLUMN recipient text,
    ADD COLUMN price_eur numeric,
    ADD COLUMN policy_detail jsonb,
    ADD COLUMN assigned_at timestamptz,
    ADD COLUMN approval_grant text;
  ALTER TABLE hold ADD CONSTRAINT hold_waits_at_no_venue CHECK (
    approval_grant IS NOT NULL OR assigned_to IS NULL OR policy_detail IS NULL OR NOT policy_detail ? 'approval'
  ) NOT VALID;
  CREATE FUNCTION hold_was_decided_by_the_policy() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (SELECT FROM policy_set WHERE has_rules AND starts_at <= clock_timestamp()) THEN
        RAISE EXCEPTION 'hold % was placed by a release without a spending policy', NEW.withdrawal_id USING ERRCODE = '57H03';
      END IF;
      RETURN NEW;
    END $$;
  CREATE TRIGGER hold_was_decided_by_the_policy BEFORE INSERT ON hold
    FOR EACH ROW WHEN (NEW.policy_version IS NULL AND NEW.state = 'placed') EXECUTE FUNCTION hold_was_decided_by_the_policy();`;

/** A hold without a payout of its own (release 0.3.0) counts with its whole amount. */
export const POLICY_USE = `
  SELECT m.id AS meter, h.withdrawal_id,
         concat_ws(' ',
           CASE WHEN m.unit = 'asset' THEN h.asset END,
           CASE WHEN 'account' = ANY (m.per) THEN h.account_id::text END,
           CASE WHEN 'key' = ANY (m.per) THEN h.key_id END,
           CASE WHEN 'asset' = ANY (m.per) THEN h.asset END,
           CASE WHEN 'destination' = ANY (m.per) THEN h.recipient END,
           CASE WHEN 'venue' = ANY (m.per) THEN t.venue END) AS key,
         CASE m.period
           WHEN 'hour' THEN date_trunc('minute', t.at, 'UTC')
           WHEN 'day' THEN date_trunc('hour', t.at, 'UTC')
           WHEN '30_days' THEN date_trunc('day', t.at, 'UTC')
           WHEN 'calendar_day' THEN date_trunc('day', t.at AT TIME ZONE m.time_zone) AT TIME ZONE 'UTC'
           ELSE to_timestamp(0) END AS bucket,
         CASE m.unit
           WHEN 'payments' THEN 1
           WHEN 'EUR' THEN ceil(t.paid * t.price * 100000000) / 100000000
           ELSE t.paid END AS used
    FROM policy_meter m
    JOIN hold h ON h.state IN ('placed', 'captured')
     AND (m.accounts IS NULL OR h.account_id::text = ANY (m.accounts))
     AND (m.keys IS NULL OR h.key_id = ANY (m.keys))
     AND (m.assets IS NULL OR h.asset = ANY (m.assets))
     AND (h.key_id IS NOT NULL OR NOT 'key' = ANY (m.per))
     AND (h.recipient IS NOT NULL OR NOT 'destination' = ANY (m.per))
   CROSS JOIN LATERAL (SELECT
           CASE WHEN m.venues IS NOT NULL OR 'venue' = ANY (m.per) THEN coalesce(h.assigned_at, h.decided_at) ELSE h.decided_at END AS at,
           CASE WHEN h.state = 'captured' THEN h.captured ELSE coalesce(h.payout, h.amount) END AS paid,
           coalesce(h.assigned_to, h.policy_detail -> 'approval' ->> 'venue') AS venue,
           coalesce(h.price_eur, (m.prices ->> h.asset)::numeric) AS price) AS t
   WHERE (m.venues IS NULL OR t.venue = ANY (m.venues))
     AND (t.venue IS NOT NULL OR NOT 'venue' = ANY (m.per))
     AND (m.unit <> 'EUR' OR t.paid * t.price < 1000000000000000000000000);`;

const UNDO = `
  DROP VIEW policy_use;
  DROP TRIGGER hold_was_decided_by_the_policy ON hold;
  DROP FUNCTION hold_was_decided_by_the_policy();
  ALTER TABLE hold DROP CONSTRAINT hold_waits_at_no_venue, DROP COLUMN policy_version, DROP COLUMN payout, DROP COLUMN key_id, DROP COLUMN recipient,
    DROP COLUMN price_eur, DROP COLUMN policy_detail, DROP COLUMN assigned_at, DROP COLUMN approval_grant;
  DROP TABLE policy_price, policy_counter, policy_meter, policy_set;`;
