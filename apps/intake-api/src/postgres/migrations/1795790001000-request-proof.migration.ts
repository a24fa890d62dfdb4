import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Adds the proof of a customer's request. Rows of release 0.3.0 have none. */
export class RequestProof1795790001000 implements MigrationInterface {
  readonly name = 'RequestProof1795790001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE withdrawal ADD COLUMN request_proof text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE withdrawal DROP COLUMN request_proof');
  }
}
