import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is computed once when a withdrawal is requested and never again: the digest of the order and our reference at the venue; and when
 * it was first ordered of the venue that has it. Older rows have none: their digest is computed when it is needed, their reference is
 * the one that connectors have derived from the id.
 */
export class OrderMarks1764400000000 implements MigrationInterface {
  readonly name = 'OrderMarks1764400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE withdrawal ADD COLUMN digest text, ADD COLUMN venue_client_reference text, ADD COLUMN ordered_at timestamptz',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE withdrawal DROP COLUMN digest, DROP COLUMN venue_client_reference, DROP COLUMN ordered_at',
    );
  }
}
