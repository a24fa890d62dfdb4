import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the return of a settled payment. */
export class ReturnedSubmissions1796510001002 implements MigrationInterface {
  readonly name = 'ReturnedSubmissions1796510001002';
  readonly contracts = {
    since: '0.3.0',
    because: 'the new constraints and the trigger allow every row that the former ones allow',
  };

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const EDGES = `
    'prepared>sending', 'prepared>refused', 'prepared>accepted',
    'sending>accepted', 'sending>refusing', 'sending>prepared', 'sending>unknown',
    'refusing>accepted', 'refusing>refused', 'refusing>undecided',
    'unknown>repeating', 'unknown>accepted', 'unknown>prepared', 'unknown>refused', 'unknown>undecided',
    'repeating>accepted', 'repeating>unknown',
    'undecided>accepted', 'undecided>prepared', 'undecided>refused',
    'accepted>settled', 'accepted>failed', 'accepted>disputed',
    'disputed>settled', 'disputed>failed'`;

const UP = `
  ALTER TABLE submission ADD COLUMN returned_amount numeric, ADD COLUMN returned_seen_at timestamptz,
    DROP CONSTRAINT submission_state_check,
    ADD CONSTRAINT submission_state_check CHECK (state IN ('prepared', 'sending', 'refusing', 'accepted', 'unknown', 'repeating', 'undecided', 'disputed', 'refused', 'settled', 'returned', 'failed')) NOT VALID,
    ADD CONSTRAINT submission_returned CHECK (state <> 'returned' OR (returned_amount > 0 AND venue_reference IS NOT NULL)) NOT VALID;
  ALTER TABLE decision ADD COLUMN amount numeric,
    DROP CONSTRAINT decision_decision_check,
    ADD CONSTRAINT decision_decision_check CHECK (decision IN ('paid', 'absent', 'returned')) NOT VALID;
  DROP TRIGGER state_edges ON submission;
  CREATE TRIGGER state_edges BEFORE UPDATE OF state ON submission
    FOR EACH ROW WHEN (old.state <> new.state AND (old.state || '>' || new.state) NOT IN (${EDGES},
    'settled>returned'))
    EXECUTE FUNCTION state_is_final()`;

const DOWN = `
  DROP TRIGGER state_edges ON submission;
  CREATE TRIGGER state_edges BEFORE UPDATE OF state ON submission
    FOR EACH ROW WHEN (old.state <> new.state AND (old.state || '>' || new.state) NOT IN (${EDGES}))
    EXECUTE FUNCTION state_is_final();
  ALTER TABLE decision DROP COLUMN amount, DROP CONSTRAINT decision_decision_check,
    ADD CONSTRAINT decision_decision_check CHECK (decision IN ('paid', 'absent')) NOT VALID;
  ALTER TABLE submission DROP CONSTRAINT submission_returned, DROP CONSTRAINT submission_state_check,
    ADD CONSTRAINT submission_state_check CHECK (state IN ('prepared', 'sending', 'refusing', 'accepted', 'unknown', 'repeating', 'undecided', 'disputed', 'refused', 'settled', 'failed')) NOT VALID,
    DROP COLUMN returned_amount, DROP COLUMN returned_seen_at`;
