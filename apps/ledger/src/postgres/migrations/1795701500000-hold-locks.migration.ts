import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds lock, end key and release proof of holds. A hold ends only with the key of its lock. Holds of
 * release 0.3.0 have no lock and are marked as placed before locks. In an existing book the mark is
 * given for one more day, because release 0.3.0 may still run.
 */
export class HoldLocks1795701500000 implements MigrationInterface {
  readonly name = 'HoldLocks1795701500000';
  readonly contracts = {
    since: '0.3.0',
    because:
      'the constraint and the trigger accept every row that release 0.3.0 writes within a day of the migration',
  };
  readonly locks = 'the columns have constant defaults, and the constraint reads no existing row';

  async up(runner: QueryRunner): Promise<void> {
    const [row] = (await runner.query(BEGINS)) as readonly { readonly begins: string }[];
    if (!row) throw new Error('the database returned no time');
    await runner.query(locksBeginning(row.begins));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(UNDO);
  }
}

/** A book with a chain link has been in use. */
const BEGINS = `
  SELECT (CASE WHEN EXISTS (SELECT FROM chain_link) THEN now() + interval '1 day' ELSE now() END)::text AS begins`;

/** DDL takes no parameters: the time was formatted by the database. */
function locksBeginning(timeSql: string): string {
  return `
  ALTER TABLE hold
    ADD COLUMN end_lock text,
    ADD COLUMN end_key text,
    ADD COLUMN release_proof text,
    ADD COLUMN predates_locks boolean NOT NULL DEFAULT true;
  ALTER TABLE hold ALTER COLUMN predates_locks SET DEFAULT (now() < '${timeSql}'::timestamptz);
  ALTER TABLE hold ADD CONSTRAINT hold_with_its_key CHECK (
    state = 'placed' OR predates_locks OR state = 'refused' AND end_lock IS NULL
    OR coalesce(left(encode(sha256(decode(end_key, 'hex')), 'hex'), 32) = substr(end_lock, 17), false)
  ) NOT VALID;
  CREATE FUNCTION hold_has_a_lock() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'hold % was placed after locks began', NEW.withdrawal_id USING ERRCODE = 'check_violation';
    END $$;
  CREATE TRIGGER hold_has_a_lock BEFORE INSERT ON hold
    FOR EACH ROW WHEN (NEW.predates_locks AND now() >= '${timeSql}'::timestamptz) EXECUTE FUNCTION hold_has_a_lock();`;
}

const UNDO = `
  DROP TRIGGER hold_has_a_lock ON hold;
  DROP FUNCTION hold_has_a_lock();
  ALTER TABLE hold DROP CONSTRAINT hold_with_its_key,
    DROP COLUMN end_lock, DROP COLUMN end_key, DROP COLUMN release_proof, DROP COLUMN predates_locks`;
