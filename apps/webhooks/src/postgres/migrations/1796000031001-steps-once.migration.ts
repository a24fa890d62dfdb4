import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Makes the message id of a step unique among the events, built while events are stored. 0.3.0
 * claims steps in `consumer_inbox`: the trigger drops a claim of a step that a later release has
 * stored. Both releases take the same lock, so that neither misses an uncommitted step.
 */
export class StepsOnce1796000031001 implements MigrationInterface {
  readonly name = 'StepsOnce1796000031001';
  readonly transaction = false;
  readonly contracts = {
    since: '0.3.0',
    because: 'the trigger drops only claims of steps that 0.3.0 must not take a second time',
  };

  async up(runner: QueryRunner): Promise<void> {
    await this.down(runner);
    await runner.query(
      'CREATE UNIQUE INDEX CONCURRENTLY account_event_once ON account_event (step_id) WHERE step_id IS NOT NULL',
    );
    await runner.query(TRIGGER);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER IF EXISTS stored_step_is_claimed ON consumer_inbox');
    await runner.query('DROP FUNCTION IF EXISTS drop_claim_of_stored_step()');
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS account_event_once');
  }
}

const TRIGGER = `
  CREATE FUNCTION drop_claim_of_stored_step() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_advisory_xact_lock(1796000031001);
    IF EXISTS (SELECT FROM account_event WHERE step_id = NEW.event_id) THEN RETURN NULL; END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER stored_step_is_claimed BEFORE INSERT ON consumer_inbox
    FOR EACH ROW EXECUTE FUNCTION drop_claim_of_stored_step()`;
