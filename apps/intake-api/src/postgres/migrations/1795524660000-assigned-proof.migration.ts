import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The proof by which the hold came to its venue, for a ledger whose database was put back. */
export class AssignedProof1795524660000 implements MigrationInterface {
  readonly name = 'AssignedProof1795524660000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE withdrawal ADD COLUMN assigned_proof text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE withdrawal DROP COLUMN assigned_proof');
  }
}
