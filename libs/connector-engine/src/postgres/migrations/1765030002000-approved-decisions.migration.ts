import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Proposals of decisions are approvals now, as everything that takes two people; no decision has one person alone. */
export class ApprovedDecisions1765030002000 implements MigrationInterface {
  readonly name = 'ApprovedDecisions1765030002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE decision_proposal');
    await runner.query(`
      ALTER TABLE decision ADD CONSTRAINT decided_by_two CHECK (decided_by IS NOT NULL AND confirmed_by IS NOT NULL) NOT VALID`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE decision DROP CONSTRAINT decided_by_two');
    await runner.query(`
      CREATE TABLE decision_proposal (
        withdrawal_id   uuid PRIMARY KEY REFERENCES submission ON UPDATE CASCADE,
        attempt         integer NOT NULL,
        decision        text NOT NULL CHECK (decision IN ('paid', 'absent')),
        evidence        text NOT NULL,
        venue_reference text,
        proposed_by     text NOT NULL CHECK (length(proposed_by) > 0),
        proposed_at     timestamptz NOT NULL DEFAULT now()
      )`);
  }
}
