import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a login that owns no table needs of the owner: to remove what is old, by functions that look at the age themselves, and nothing that
 * is younger. And what triggers run where a state may not be
 * left, or not in this way.
 */
export class OwnersFunctions1764811000000 implements MigrationInterface {
  readonly name = 'OwnersFunctions1764811000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...RETENTION, PURGE_INBOX, STATE_IS_FINAL])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP FUNCTION state_is_final(), purge_inbox(), sweep_step(integer, text, integer), set_retention_cutoff(integer)',
    );
    await runner.query('DROP VIEW retention_effective');
    await runner.query('DROP TABLE retention_rule');
  }
}

// Two minutes are longer than any statement may take, so that every statement under way has seen the cutoff before the first row is removed by it.
// removes: false where a rule only copies.
const RETENTION = [
  `CREATE TABLE retention_rule (
     position          integer PRIMARY KEY,
     name              text NOT NULL,
     removes           boolean NOT NULL,
     ends_in_key_order boolean NOT NULL,
     statement         text NOT NULL
   )`,
  `CREATE VIEW retention_effective AS
     SELECT cutoff, cutoff_set_at < clock_timestamp() - interval '2 minutes' AS is_effective FROM retention`,
  `CREATE FUNCTION set_retention_cutoff(days integer) RETURNS void
     LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
   BEGIN
     IF days IS NULL OR days < 30 THEN
       RAISE EXCEPTION 'rows are kept for 30 days at least, not %', days USING ERRCODE = 'invalid_parameter_value';
     END IF;
     INSERT INTO retention (cutoff) VALUES (clock_timestamp() - make_interval(days => days))
     ON CONFLICT (single) DO UPDATE SET cutoff = greatest(retention.cutoff, excluded.cutoff), cutoff_set_at = clock_timestamp();
   END $$`,
  `CREATE FUNCTION sweep_step(rule integer, after text, at_most integer, OUT scanned integer, OUT removed integer, OUT last text)
     LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
   DECLARE
     step text; before timestamptz;
   BEGIN
     SELECT cutoff INTO before FROM retention_effective WHERE is_effective;
     IF NOT FOUND THEN
       RAISE EXCEPTION 'the retention cutoff was set only just now' USING ERRCODE = 'object_not_in_prerequisite_state';
     END IF;
     SELECT statement INTO STRICT step FROM retention_rule WHERE position = rule;
     EXECUTE step INTO scanned, removed, last USING before, after, at_most;
   END $$`,
];

// 14 days are twice what a topic keeps by default: a claim must outlive every chance to read its message again.
const PURGE_INBOX = `
  CREATE FUNCTION purge_inbox() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    purged integer;
  BEGIN
    DELETE FROM inbox_default WHERE (consumer, message_id) IN (
      SELECT consumer, message_id FROM inbox_default WHERE claimed_at < now() - interval '14 days' LIMIT 5000);
    GET DIAGNOSTICS purged = ROW_COUNT;
    RETURN purged;
  END $$`;

// The owner may repair what is wrong; its login is in no running process.
const STATE_IS_FINAL = `
  CREATE FUNCTION state_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
      RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a row of % does not go from % to %', TG_TABLE_NAME, OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END $$`;
