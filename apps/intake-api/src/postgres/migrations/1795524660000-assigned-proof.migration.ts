import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the proof used to assign the hold to the venue, for a restored ledger database. */
export class AssignedProof1795524660000 implements MigrationInterface {
  readonly name = 'AssignedProof1795524660000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE withdrawal ADD COLUMN assigned_proof text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE withdrawal DROP COLUMN assigned_proof');
  }
}
