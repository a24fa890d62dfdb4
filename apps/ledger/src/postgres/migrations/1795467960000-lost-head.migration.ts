import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Chain heads once in this book and lost by a database restore. The rows belong to the halt opened
 * for them. After two people lift the halt, these heads no longer halt the book.
 */
export class LedgerLostHead1795467960000 implements MigrationInterface {
  readonly name = 'LedgerLostHead1795467960000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE lost_head (
         halt_id  uuid NOT NULL REFERENCES book_halt,
         shard    smallint NOT NULL,
         sequence bigint NOT NULL,
         hash     bytea NOT NULL,
         seen_at  timestamptz NOT NULL DEFAULT now(),
         PRIMARY KEY (shard, sequence, hash, halt_id)
       )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE lost_head');
  }
}
