import type { MigrationInterface, QueryRunner } from 'typeorm';

/** From where on each nonce of an address has a row: what its chain has used below that may have been forgotten with a database that was restored. */
export class LaneCompleteFrom1795430000000 implements MigrationInterface {
  readonly name = 'LaneCompleteFrom1795430000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE lane ADD COLUMN complete_from bigint NOT NULL DEFAULT 0 CHECK (complete_from >= 0)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE lane DROP COLUMN complete_from');
  }
}
