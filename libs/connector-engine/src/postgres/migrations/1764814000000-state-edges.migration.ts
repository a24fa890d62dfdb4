import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A submission goes from state to state only by the edges of the table (`TRANSITIONS` of connector-rules): nothing that was accepted, refused
 * or settled is ever sent again, whatever the service's login is told to write. An attempt that has ended stays as it ended.
 */
export class StateEdges1764814000000 implements MigrationInterface {
  readonly name = 'StateEdges1764814000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SUBMISSION);
    await runner.query(ATTEMPT);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER state_is_final ON attempt');
    await runner.query('DROP TRIGGER state_edges ON submission');
  }
}

const SUBMISSION = `
  CREATE TRIGGER state_edges BEFORE UPDATE OF state ON submission FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN (
      'prepared>sending', 'prepared>refused', 'prepared>accepted',
      'sending>accepted', 'sending>refusing', 'sending>prepared', 'sending>unknown',
      'refusing>accepted', 'refusing>refused', 'refusing>undecided',
      'unknown>repeating', 'unknown>accepted', 'unknown>prepared', 'unknown>refused', 'unknown>undecided',
      'repeating>accepted', 'repeating>unknown',
      'undecided>accepted', 'undecided>prepared', 'undecided>refused',
      'accepted>settled', 'accepted>failed', 'accepted>disputed',
      'disputed>settled', 'disputed>failed'))
    EXECUTE FUNCTION state_is_final()`;

const ATTEMPT = `
  CREATE TRIGGER state_is_final BEFORE UPDATE OF state ON attempt FOR EACH ROW
    WHEN (OLD.state IN ('not_sent', 'absent', 'refused', 'failed') AND NEW.state <> OLD.state) EXECUTE FUNCTION state_is_final()`;
