import type { MigrationInterface, QueryRunner } from 'typeorm';
import { POLICY_USE } from './1795900001000-spending-policy.migration.js';

/**
 * Lets PostgreSQL keep the counters of limits. Triggers with the owner's rights count each change of
 * a hold, and the service's login can only read counters. Because a hold ends only with its key, the
 * login can lower no counter. A change of the meters waits for all batches under way.
 */
export class CountersByHolds1796400001000 implements MigrationInterface {
  readonly name = 'CountersByHolds1796400001000';
  readonly contracts = {
    since: '0.3.0',
    because: 'the triggers also count holds of release 0.3.0, which writes no column of the policy',
  };

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(USES);
    await runner.query(HOLDS);
    await runner.query(METERS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(UNDO);
  }
}

/**
 * Counts of one hold by all meters. A function instead of a view alone: triggers apply it to the
 * versions of a row before and after a change. PostgreSQL inlines the function.
 */
const USES = `
  CREATE FUNCTION policy_uses(h hold) RETURNS TABLE (meter text, key text, bucket timestamptz, used numeric) LANGUAGE sql STABLE
  BEGIN ATOMIC
    SELECT m.id,
           concat_ws(' ',
             CASE WHEN m.unit = 'asset' THEN h.asset END,
             CASE WHEN 'account' = ANY (m.per) THEN h.account_id::text END,
             CASE WHEN 'key' = ANY (m.per) THEN h.key_id END,
             CASE WHEN 'asset' = ANY (m.per) THEN h.asset END,
             CASE WHEN 'destination' = ANY (m.per) THEN h.recipient END,
             CASE WHEN 'venue' = ANY (m.per) THEN t.venue END),
           CASE m.period
             WHEN 'hour' THEN date_trunc('minute', t.at, 'UTC')
             WHEN 'day' THEN date_trunc('hour', t.at, 'UTC')
             WHEN '30_days' THEN date_trunc('day', t.at, 'UTC')
             WHEN 'calendar_day' THEN date_trunc('day', t.at AT TIME ZONE m.time_zone) AT TIME ZONE 'UTC'
             ELSE to_timestamp(0) END,
           CASE m.unit
             WHEN 'payments' THEN 1
             WHEN 'EUR' THEN ceil(t.paid * t.price * 100000000) / 100000000
             ELSE t.paid END
      FROM policy_meter m
     CROSS JOIN LATERAL (SELECT
             CASE WHEN m.venues IS NOT NULL OR 'venue' = ANY (m.per) THEN coalesce(h.assigned_at, h.decided_at) ELSE h.decided_at END AS at,
             CASE WHEN h.state = 'captured' THEN h.captured ELSE coalesce(h.payout, h.amount) END AS paid,
             coalesce(h.assigned_to, h.policy_detail -> 'approval' ->> 'venue') AS venue,
             coalesce(h.price_eur, (m.prices ->> h.asset)::numeric) AS price) AS t
     WHERE h.state IN ('placed', 'captured')
       AND (m.accounts IS NULL OR h.account_id::text = ANY (m.accounts))
       AND (m.keys IS NULL OR h.key_id = ANY (m.keys))
       AND (m.assets IS NULL OR h.asset = ANY (m.assets))
       AND (h.key_id IS NOT NULL OR NOT 'key' = ANY (m.per))
       AND (h.recipient IS NOT NULL OR NOT 'destination' = ANY (m.per))
       AND (m.venues IS NULL OR t.venue = ANY (m.venues))
       AND (t.venue IS NOT NULL OR NOT 'venue' = ANY (m.per))
       AND (m.unit <> 'EUR' OR t.paid * t.price < 1000000000000000000000000);
  END;
  CREATE OR REPLACE VIEW policy_use AS
  SELECT u.meter, h.withdrawal_id, u.key, u.bucket, u.used FROM hold h CROSS JOIN LATERAL policy_uses(h) AS u;`;

/**
 * A limit per venue counts a hold at the time of its assignment. An earlier time would move the hold
 * out of the window, so PostgreSQL refuses it, with or without meters.
 */
const HOLDS = `
  CREATE FUNCTION hold_is_assigned_later() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'hold % was assigned to its venue before its last assignment: the clock of the ledger went back', NEW.withdrawal_id
        USING ERRCODE = '57H03';
    END $$;
  CREATE TRIGGER hold_is_assigned_later BEFORE UPDATE ON hold
    FOR EACH ROW WHEN (coalesce(NEW.assigned_at, NEW.decided_at) < coalesce(OLD.assigned_at, OLD.decided_at))
    EXECUTE FUNCTION hold_is_assigned_later();

  CREATE FUNCTION hold_is_counted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      IF NOT EXISTS (SELECT FROM policy_meter) THEN
        RETURN NULL;
      END IF;
      IF TG_OP = 'INSERT' THEN
        INSERT INTO policy_counter AS c (meter, key, bucket, used)
        SELECT u.meter, u.key, u.bucket, sum(u.used) FROM after_change AS a CROSS JOIN LATERAL policy_uses(ROW (a.*)::hold) AS u
         GROUP BY u.meter, u.key, u.bucket ORDER BY u.meter, u.key, u.bucket
        ON CONFLICT (meter, key, bucket) DO UPDATE SET used = c.used + excluded.used;
        RETURN NULL;
      END IF;
      INSERT INTO policy_counter AS c (meter, key, bucket, used)
      SELECT meter, key, bucket, sum(used)
        FROM (SELECT u.* FROM after_change AS a CROSS JOIN LATERAL policy_uses(ROW (a.*)::hold) AS u
              UNION ALL
              SELECT u.meter, u.key, u.bucket, -u.used FROM before_change AS b CROSS JOIN LATERAL policy_uses(ROW (b.*)::hold) AS u) AS changes
       GROUP BY meter, key, bucket HAVING sum(used) <> 0 ORDER BY meter, key, bucket
      ON CONFLICT (meter, key, bucket) DO UPDATE SET used = c.used + excluded.used;
      RETURN NULL;
    END $$;
  CREATE TRIGGER hold_is_counted_when_placed AFTER INSERT ON hold
    REFERENCING NEW TABLE AS after_change FOR EACH STATEMENT EXECUTE FUNCTION hold_is_counted();
  CREATE TRIGGER hold_is_counted_when_changed AFTER UPDATE ON hold
    REFERENCING OLD TABLE AS before_change NEW TABLE AS after_change FOR EACH STATEMENT EXECUTE FUNCTION hold_is_counted();`;

/** Batches share this lock until they end, so that no hold misses a new meter or a removed one. */
const METERS = `
  CREATE FUNCTION meters_change_between_batches() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM pg_advisory_xact_lock(hashtextextended('spending policy', 0));
      RETURN NULL;
    END $$;
  CREATE TRIGGER meters_change_between_batches BEFORE INSERT OR DELETE ON policy_meter
    FOR EACH STATEMENT EXECUTE FUNCTION meters_change_between_batches();

  CREATE FUNCTION meter_has_counters() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        INSERT INTO policy_counter (meter, key, bucket, used)
        SELECT u.meter, u.key, u.bucket, sum(u.used) FROM policy_use AS u
         WHERE u.meter IN (SELECT id FROM changed) AND (u.bucket > clock_timestamp() - interval '32 days' OR u.bucket = to_timestamp(0))
         GROUP BY u.meter, u.key, u.bucket;
      ELSE
        DELETE FROM policy_counter WHERE meter IN (SELECT id FROM changed);
        DELETE FROM policy_counter WHERE bucket < clock_timestamp() - interval '40 days' AND bucket > to_timestamp(0);
      END IF;
      RETURN NULL;
    END $$;
  CREATE TRIGGER meter_gets_counters AFTER INSERT ON policy_meter
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION meter_has_counters();
  CREATE TRIGGER meter_loses_counters AFTER DELETE ON policy_meter
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION meter_has_counters();`;

const UNDO = `
  DROP TRIGGER meter_loses_counters ON policy_meter;
  DROP TRIGGER meter_gets_counters ON policy_meter;
  DROP TRIGGER meters_change_between_batches ON policy_meter;
  DROP TRIGGER hold_is_counted_when_changed ON hold;
  DROP TRIGGER hold_is_counted_when_placed ON hold;
  DROP TRIGGER hold_is_assigned_later ON hold;
  DROP FUNCTION meter_has_counters();
  DROP FUNCTION meters_change_between_batches();
  DROP FUNCTION hold_is_counted();
  DROP FUNCTION hold_is_assigned_later();
  CREATE OR REPLACE VIEW policy_use AS ${POLICY_USE};
  DROP FUNCTION policy_uses(hold);`;
