import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What belongs to one submission is found when that is removed. */
export class SubmissionRetention1764600001000 implements MigrationInterface {
  readonly name = 'SubmissionRetention1764600001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX decision_withdrawal ON decision (withdrawal_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX decision_withdrawal');
  }
}
