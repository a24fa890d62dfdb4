import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds values computed once at the request: the digest of the order and our reference at the venue.
 * Also adds the time of the first order to the current venue. Older rows have neither: the digest
 * is computed on demand, and connectors derive the reference from the id.
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
